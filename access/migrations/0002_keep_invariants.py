"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('access_removal');
SELECT app_tie('access_removal', 'person_id', 'people_person');
SELECT app_tie('access_removal', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('access_removal');
SELECT app_isolate('access_visit');
SELECT app_tie('access_visit', 'person_id', 'people_person');
SELECT app_tie('access_visit', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_isolate('access_servicerefusal');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_tables"),
        ("audit", "0001_words_of_the_database"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
