"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('diary_acknowledgement');
SELECT app_tie('diary_acknowledgement', 'guardian_id', 'people_person');
SELECT app_tie('diary_acknowledgement', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('diary_acknowledgement');
SELECT app_only_add('diary_acknowledgement');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("diary", "0001_tables"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
