"""What told browsers that their copies are old: docs/adr/0012."""

from datetime import datetime

from django.db import connection


def forget_changes(*, before: datetime) -> int:
    """Remove the notes of changes made before that moment in the schools of the scope; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM diary_change WHERE at < %s", [before])
        return int(cursor.rowcount)
