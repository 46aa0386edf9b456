"""Logins made from names: Latin letters that every keyboard has."""

import re

from people.models import Person, User

_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch",
        "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{3,49}")


def free_login(person: Person) -> str:
    """Return a login made from the name that no account has: «elkina.ov», «elkina.ov2»."""
    initials = "".join(name[:1] for name in (person.first_name, person.middle_name))
    stem = re.sub(r"[^a-z0-9]", "", latin(person.last_name))[:40] or "user"
    base = f"{stem}.{re.sub(r'[^a-z0-9]', '', latin(initials)) or 'x'}"
    taken = {
        login.lower()
        for login in User.objects.filter(login__istartswith=base).values_list("login", flat=True)
    }
    number, login = 1, base
    while login in taken:
        number += 1
        login = f"{base}{number}"
    return login


def latin(text: str) -> str:
    return text.lower().translate(_LATIN)
