"""How this app answers for the clauses of the regulation."""


def register() -> None:
    """Importing this module registers the checks; the call keeps the import honest."""
