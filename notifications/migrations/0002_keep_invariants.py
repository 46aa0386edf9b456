"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('notifications_outboxmessage');
SELECT app_tie('notifications_outboxmessage', 'recipient_id', 'people_person');
SELECT app_tie('notifications_outboxmessage', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_isolate('notifications_attempt');
SELECT app_tie('notifications_attempt', 'message_id', 'notifications_outboxmessage');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("notifications", "0001_tables"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
