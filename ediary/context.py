"""What every page's frame shows: who is signed in and which parts are open to them."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from common.looks import TEXT_SIZE, TEXT_SIZES
from people.models import User
from people.roles import Role

DEMO_ACCOUNTS = settings.VAR / "demo" / "accounts.json"
TEACHING = frozenset({Role.TEACHER, Role.CLASS_TEACHER})
FAMILY = frozenset({Role.GUARDIAN, Role.PUPIL})
HEADS = frozenset({Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the program: its page, and the roles that may open it."""

    label: str
    icon: str
    page: str
    roles: frozenset[Role]
    short: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of ui/nav.html."""

    label: str
    icon: str
    url: str
    current: bool
    short: str = ""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One of the demo school's people, shown on the sign-in page."""

    role: str
    name: str
    login: str
    password: str


SECTIONS = (
    Section("Журнал", icon="book-open", page="journal:day", roles=TEACHING | HEADS),
    Section(
        "Мой класс",
        icon="users",
        page="desk:home",
        roles=frozenset({Role.CLASS_TEACHER}),
        short="Класс",
    ),
    Section("Классы", icon="users", page="desk:home", roles=HEADS),
    Section("Контроль", icon="list-checks", page="journal:board", roles=HEADS),
    Section("Семьи", icon="message-square-text", page="desk:families", roles=TEACHING | HEADS),
    Section("Дневник", icon="notebook-text", page="diary:home", roles=FAMILY),
    Section("Утро", icon="sun", page="journal:morning", roles=frozenset({Role.SECRETARY})),
    Section("Печать", icon="printer", page="printouts:index", roles=HEADS | {Role.CLASS_TEACHER}),
    Section(
        "Согласия",
        icon="file-check",
        page="consent:register",
        roles=HEADS | {Role.CLASS_TEACHER, Role.SECRETARY},
    ),
    Section(
        "Доступ",
        icon="key-round",
        page="access:people",
        roles=frozenset({Role.HEAD, Role.BRANCH_HEAD, Role.ADMIN}),
    ),
    Section(
        "Регламент",
        icon="scale",
        page="control:clauses",
        roles=HEADS | {Role.SECRETARY, Role.ADMIN},
    ),
)
NAME = "{name}"  # stands in the drawn menu where the user's name goes
ROLE_NAMES = {
    **dict(Role.choices),
    "guardian_paper": "Законный представитель, отказ от электронной формы",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the frame's names; what costs a query is a function that only whole pages call."""
    user = getattr(request, "user", AnonymousUser())
    return {
        "nav": partial(nav, user, request.path),
        "user_menu": partial(user_menu, user, request.path),
        "demo_accounts": demo_accounts if settings.DEMO else (),
        "first_entry_url": address("access_entry:first_entry"),
        "text_size": size if (size := request.COOKIES.get(TEXT_SIZE, "")) in TEXT_SIZES else "",
    }


@cache
def address(page: str) -> str:
    """Return the page's address, or nothing while no app has it."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def nav_items(user: User | AnonymousUser, path: str) -> tuple[NavItem, ...]:
    """Return the parts that the user's roles open, the current one marked."""
    if not isinstance(user, User):
        return ()
    held = frozenset[str]().union(*(identity.roles for identity in user.identities))
    offered = {
        address(section.page): section for section in reversed(SECTIONS) if held & section.roles
    }
    # The longest address that the page lies under: /journal/control/ is not /journal/.
    here = max((url for url in offered if url and path.startswith(url)), key=len, default="")
    return tuple(
        NavItem(
            section.label,
            icon=section.icon,
            url=url,
            current=url == here,
            short=section.short,
        )
        for url, section in reversed(offered.items())
        if url
    )


def nav(user: User | AnonymousUser, path: str) -> SafeString:
    """Draw the main navigation."""
    return SafeString(_nav(nav_items(user, path)))


def user_menu(user: User | AnonymousUser, path: str) -> SafeString:
    """Draw the user's name with the pages of the account."""
    menu = _user_menu(nav_items(user, path), help_of(user))
    return SafeString(menu.replace(NAME, escape(name_of(user))))


@lru_cache(maxsize=500)
def _nav(items: tuple[NavItem, ...]) -> str:
    """Draw these links once: they say nothing of anybody, and a template takes longer than a page's rows."""
    return render_to_string("ui/nav.html", {"items": items})


@lru_cache(maxsize=500)
def _user_menu(items: tuple[NavItem, ...], help_url: str) -> str:
    return render_to_string(
        "ui/user_menu.html", {"name": NAME, "sections": items, "help_url": help_url}
    )


def help_of(user: User | AnonymousUser) -> str:
    """Return the address of the handbook for those about whose work it is."""
    if not isinstance(user, User):
        return ""
    return address("help:index") if user.has_role(*TEACHING, *HEADS, *FAMILY) else ""


def name_of(user: User | AnonymousUser) -> str:
    """Return «Петрова О. В.», or the login of an account without a person."""
    if not isinstance(user, User):
        return ""
    return user.identities[0].name if user.identities else user.login


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Read the accounts that the demo's seed wrote; none before it has run."""
    try:
        rows = json.loads(DEMO_ACCOUNTS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(
        DemoAccount(
            role=ROLE_NAMES.get(row["role"], row["role"]),
            name=row["name"],
            login=row["login"],
            password=row["password"],
        )
        for row in rows
    )
