"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('regulation_regulation');
SELECT app_isolate('regulation_regulationversion');
SELECT app_tie('regulation_regulationversion', 'regulation_id', 'regulation_regulation');
SELECT app_record('regulation_regulationversion');
SELECT app_isolate('regulation_parameter');
SELECT app_tie('regulation_parameter', 'version_id', 'regulation_regulationversion');
SELECT app_record('regulation_parameter');
SELECT app_isolate('regulation_publication');
SELECT app_tie('regulation_publication', 'version_id', 'regulation_regulationversion');
SELECT app_isolate('regulation_acquaintance');
SELECT app_tie('regulation_acquaintance', 'version_id', 'regulation_regulationversion');
SELECT app_tie('regulation_acquaintance', 'person_id', 'people_person');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("people", "0001_people"),
        ("regulation", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
