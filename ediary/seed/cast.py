"""The cast of the demo: accounts that can be signed in to, and the file that lists them.

The password is one for all and public: these accounts exist in demo databases only. Everybody else
in the demo has an account without a password.
"""

import json
from pathlib import Path

from django.contrib.auth.hashers import make_password

from ediary.seed.names import Name
from ediary.seed.world import Human, Site
from people.models import User

PASSWORD = "zhurnal-7a-demo"  # noqa: S105
SALT = "demo"  # the same data every time


def introduce(town: Site, village: Site, other: Site) -> list[dict[str, str]]:
    """Give the cast logins and the password; return the list for the sign-in page."""
    by_name = {(t.name.last, t.name.middle): t for t in town.teachers}
    yolkin, _, sidorov = town.cast["families"]
    cast: list[tuple[str, str, Human, str]] = [
        ("teacher", "teacher", by_name["Кузнецова", "Петровна"], "/journal/"),
        ("class_teacher", "class", by_name["Орлов", "Сергеевич"], "/class/"),
        ("deputy_head", "deputy", town.office["deputy_head"], "/journal/"),
        ("head", "head", town.office["head"], "/control/"),
        ("admin", "admin", town.office["admin"], "/access/"),
        ("secretary", "secretary", town.office["secretary"], "/consent/"),
        ("branch_head", "branch", village.office["branch_head"], "/journal/"),
        ("guardian", "parent", yolkin.adults[0], "/diary/"),
        ("guardian_paper", "paper", sidorov.adults[0], "/diary/"),
        ("pupil", "pupil", town.cast["Ольга"], "/diary/"),
        ("other_school_teacher", "other", other.teachers[3], "/journal/"),
    ]
    accounts = {row["id"]: row for row in town.heap.of(User)}
    secret = make_password(PASSWORD, salt=SALT)
    rows = []
    for role, login, human, start in cast:
        assert human.user_id is not None  # noqa: S101
        account = accounts[human.user_id]
        account.update(login=login, password=secret)
        rows.append(
            {
                "role": role,
                "name": full(human.name),
                "login": login,
                "password": PASSWORD,
                "start": start,
            }
        )
    return rows


def full(name: Name) -> str:
    return f"{name.last} {name.first} {name.middle}".strip()


def write(rows: list[dict[str, str]], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
