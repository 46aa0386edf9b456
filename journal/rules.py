"""Who sees which rows of this app's tables."""


def register() -> None:
    """Importing this module registers the rules; the call keeps the import honest."""
