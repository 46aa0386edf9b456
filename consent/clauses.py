"""How this app answers for the clauses of the regulation."""


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""
