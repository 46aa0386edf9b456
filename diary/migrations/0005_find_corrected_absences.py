"""What a family saw of an absence and was corrected later is found by the pupil, as for marks."""

from django.db import migrations

INDEX = """
CREATE INDEX audit_event_absence ON audit_event (school_id, (before ->> 'pupil_id'))
 WHERE table_name = 'journal_absence' AND action <> 'I';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("diary", "0004_keep_the_familys_diary"),
    ]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX audit_event_absence;"),
    ]
