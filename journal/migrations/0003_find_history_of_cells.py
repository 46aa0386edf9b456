"""The history of one cell is found by its lesson: rows that were deleted are found too."""

from django.db import migrations

INDEX = """
CREATE INDEX audit_event_cell ON audit_event (school_id, (coalesce(after, before) ->> 'lesson_id'))
 WHERE table_name IN ('journal_mark', 'journal_absence');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("journal", "0002_keep_invariants"),
    ]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX audit_event_cell;"),
    ]
