"""Names of invented people: they agree in gender, patronymics come from the father's name."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"

_IRREGULAR = {
    "Пётр": "Петр", "Павел": "Павл", "Лев": "Льв", "Михаил": "Михайл", "Яков": "Яковл",
    "Марк": "Марк",
}  # fmt: skip
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "-": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    last: str
    first: str
    middle: str


@dataclass(frozen=True, slots=True)
class People:
    """Surnames and given names that go together."""

    surnames: tuple[str, ...]
    male: tuple[str, ...]
    female: tuple[str, ...]


def surname_of(surname: str, sex: str) -> str:
    """Return the surname as that sex bears it («Крылов» → «Крылова»); each part of a double one.

    >>> surname_of("Каменский", "f"), surname_of("Седых", "f"), surname_of("Мусин-Пушкарёв", "f")
    ('Каменская', 'Седых', 'Мусина-Пушкарёва')
    """
    if sex == "m":
        return surname
    return "-".join(_feminine(part) for part in surname.split("-"))


def _feminine(surname: str) -> str:
    if surname.endswith(("ский", "цкий")):
        return surname[:-2] + "ая"
    return surname + "а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын")) else surname


def patronymic_of(father: str, sex: str) -> str:
    """Return the patronymic from the father's first name.

    >>> [patronymic_of(name, "m") for name in ("Игорь", "Юрий", "Дмитрий", "Илья", "Лев")]
    ['Игоревич', 'Юрьевич', 'Дмитриевич', 'Ильич', 'Львович']
    """
    if father == "Илья":
        return "Ильич" if sex == "m" else "Ильинична"
    if father == "Никита":
        return "Никитич" if sex == "m" else "Никитична"
    return _stem(father) + ("ич" if sex == "m" else "на")


def _stem(father: str) -> str:
    if father in _IRREGULAR:
        soft = father == "Яков"
        return _IRREGULAR[father] + ("ев" if soft else "ов")
    if father == "Дмитрий":
        return "Дмитриев"
    if father.endswith("ий"):
        return father[:-2] + "ьев"
    if father.endswith(("й", "ь")):
        return father[:-1] + "ев"
    return father + "ов"


def latin(word: str) -> str:
    """Return the word in Latin letters, for logins and mail addresses."""
    return "".join(_LATIN.get(letter, letter) for letter in word.casefold())


class Names:
    """Draws names from the lists; the same generator gives the same names."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        read = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
        self.common = _people(read)
        self.others = [(float(row["share"]), _people(row)) for row in read["peoples"]]
        self._used: set[str] = set()
        self.prefix = ""  # before every login, where schools are made apart

    def people(self) -> People:
        """Return whose names a family bears: the common ones for most."""
        draw = self.rng.random()
        for share, people in self.others:
            if draw < share:
                return people
            draw -= share
        return self.common

    def surname(self, people: People) -> str:
        return self.rng.choice(people.surnames)

    def first(self, people: People, sex: str) -> str:
        return self.rng.choice(people.male if sex == "m" else people.female)

    def adult(self, sex: str, *, last: str | None = None, people: People | None = None) -> Name:
        """Return an adult's name; with `last`, of that family (the masculine form is given)."""
        people = people or self.people()
        surname = surname_of(last or self.surname(people), sex)
        return Name(surname, self.first(people, sex), patronymic_of(self.first(people, "m"), sex))

    def login(self, name: Name) -> str:
        """Return a login nobody has had yet."""
        base = f"{self.prefix}{latin(name.last)[:24]}.{latin(name.first)[:1]}{latin(name.middle)[:1]}".strip(
            "."
        )
        login, number = base, 1
        while login in self._used:
            number += 1
            login = f"{base}{number}"
        self._used.add(login)
        return login


def _people(row: dict[str, str]) -> People:
    return People(
        surnames=tuple(row["surnames"].split()),
        male=tuple(row["male"].split()),
        female=tuple(row["female"].split()),
    )
