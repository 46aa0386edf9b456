"""Persons with their accounts and roles; the staff of a school."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from common.sorting import search_key, sort_key
from ediary.seed import terms
from ediary.seed.names import Name
from ediary.seed.plan import BRANCH_SERVES, POSTS
from ediary.seed.world import Human, Site, Teacher
from people.models import Employee, Person, RoleAssignment, User
from school.models import Room

H = TypeVar("H", bound=Human)

# Nobody can sign in with it; the cast gets real passwords (ediary/seed/cast.py).
UNUSABLE = "!demo-account-without-a-password"

# Who must be there by name: role or department → (surname, first name, patronymic, sex).
CAST_STAFF: dict[str, tuple[str, str, str, str]] = {
    "head": ("Громов", "Павел", "Андреевич", "m"),
    "deputy_head": ("Соколова", "Нина", "Львовна", "f"),
    "secretary": ("Лебедева", "Анна", "Игоревна", "f"),
    "admin": ("Зайцев", "Олег", "Ильич", "m"),
    "numbers": ("Кузнецова", "Мария", "Петровна", "f"),
    "physics": ("Орлов", "Иван", "Сергеевич", "m"),
}


def add_person(site: Site, human: H, *, born: date | None = None) -> H:
    name = human.name
    site.add(
        Person, id=human.id, user_id=human.user_id, last_name=name.last, first_name=name.first,
        middle_name=name.middle, sex=human.sex, birth_date=born,
        sort_key=sort_key(name.last, name.first, name.middle),
        search_key=search_key(name.last, name.first, name.middle),
    )  # fmt: skip
    return human


def add_account(site: Site, name: Name, *, email: str = "") -> UUID:
    """Make an account that nobody can sign in to yet."""
    login = site.names.login(name)
    return site.heap.add(User, login=login, password=UNUSABLE, email=email, is_active=True)


def add_role(
    site: Site, human: Human, role: str, *, since: date = terms.HIRED, until: date | None = None
) -> None:
    site.add(RoleAssignment, person_id=human.id, role=role, since=since, until=until)


def hire(site: Site, cls: type[H], post: str, *, cast: str = "", **more: Any) -> H:
    """Add a member of staff: person, account, post."""
    if site.spec.with_cast and cast in CAST_STAFF:
        last, first, middle, sex = CAST_STAFF[cast]
        name = Name(last, first, middle)
    else:
        sex = "f" if site.rng.random() < 0.8 else "m"
        name = site.names.adult(sex)
    account = add_account(site, name)
    human = cls(site.heap.ids.new(), site.id, name, sex, account, **more)
    born = date(
        1960 + site.rng.randrange(40), 1 + site.rng.randrange(12), 1 + site.rng.randrange(28)
    )
    add_person(site, human, born=born)
    site.add(Employee, person_id=human.id, post=post, since=terms.HIRED)
    return human


def hire_staff(site: Site) -> None:
    """Hire the office and the teachers; every teacher gets a room of her own."""
    _hire_teachers(site)
    if site.spec.is_village and site.parent:
        _appoint(site, "branch_head", site.teachers[-1], "Заведующий филиалом")
        return
    site.office["head"] = hire(site, Human, "Директор", cast="head")
    add_role(site, site.office["head"], "head")
    site.office["secretary"] = hire(site, Human, "Делопроизводитель", cast="secretary")
    add_role(site, site.office["secretary"], "secretary")
    if site.spec.is_village:
        _appoint(site, "deputy_head", site.teachers[2], "Заместитель директора")
        _appoint(site, "admin", site.teachers[-1], "Администратор системы")
        return
    site.office["deputy_head"] = hire(site, Human, "Заместитель директора", cast="deputy_head")
    add_role(site, site.office["deputy_head"], "deputy_head")
    informatics = next(t for t in site.teachers if "informatics" in t.departments)
    _appoint(site, "admin", informatics, "Администратор системы")
    hire(site, Human, "Педагог-библиотекарь")


def _appoint(site: Site, role: str, teacher: Teacher, post: str) -> None:
    """Give a teacher a second post."""
    site.office[role] = teacher
    site.add(Employee, person_id=teacher.id, post=post, since=terms.HIRED)
    add_role(site, teacher, role)


def _hire_teachers(site: Site) -> None:
    village = site.spec.is_village
    for post in POSTS:
        serves = [other for other, by in BRANCH_SERVES.items() if by == post.department]
        departments = (post.department, *serves) if village else (post.department,)
        for number in range(post.branch if village else post.town):
            cast = post.department if number == 0 else ""
            cast = "admin" if post.department == "informatics" else cast
            teacher = hire(site, Teacher, post.title, cast=cast, number=len(site.teachers),
                           departments=departments, title=post.title)  # fmt: skip
            add_role(site, teacher, "teacher")
            teacher.room_id = add_room(site, _room_name(site, post.department, number))
            site.teachers.append(teacher)


def _room_name(site: Site, department: str, number: int) -> str:
    if department == "sport":
        return ("Спортзал", "Малый спортзал", "Спортплощадка")[number]
    if department == "craft":
        return ("Мастерская", "Кабинет домоводства")[number]
    floor, door = divmod(len(site.teachers), 14)
    return f"{floor + 1}{door + 1:02d}"


def add_room(site: Site, name: str) -> UUID:
    made = site.add(Room, name=name, capacity=30)
    site.rooms[name] = made
    return made
