"""Order of Russian names: computed in Python, never left to a database collation."""

_YO = str.maketrans({"ё": "е\uffff"})


def sort_key(*words: str) -> str:
    """Return a key that sorts ё right after е, ignores case and puts empty words first.

    >>> sorted(["Ёлкин", "Жуков", "ежов"], key=sort_key)
    ['ежов', 'Ёлкин', 'Жуков']
    """
    return "\x20".join(word.casefold().translate(_YO) for word in words if word)


def search_key(*words: str) -> str:
    """Return a key to search in: case and ё do not matter.

    >>> search_key("Ёлкина", "Пётр")
    'елкина петр'
    """
    return " ".join(word.casefold().replace("ё", "е") for word in words if word)
