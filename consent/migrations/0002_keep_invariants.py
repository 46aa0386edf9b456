"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('consent_purpose');
SELECT app_isolate('consent_consenttext');
SELECT app_tie('consent_consenttext', 'purpose_id', 'consent_purpose');
SELECT app_isolate('consent_decision');
SELECT app_tie('consent_decision', 'subject_id', 'people_pupil', 'person_id');
SELECT app_tie('consent_decision', 'signer_id', 'people_person');
SELECT app_tie('consent_decision', 'purpose_id', 'consent_purpose');
SELECT app_tie('consent_decision', 'text_id', 'consent_consenttext');
SELECT app_record('consent_decision');
SELECT app_only_add('consent_decision');
SELECT app_isolate('consent_deliverydeclaration');
SELECT app_tie('consent_deliverydeclaration', 'guardian_id', 'people_person');
SELECT app_tie('consent_deliverydeclaration', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('consent_deliverydeclaration');
SELECT app_only_add('consent_deliverydeclaration');
SELECT app_isolate('consent_contact');
SELECT app_tie('consent_contact', 'person_id', 'people_person');
SELECT app_record('consent_contact');
SELECT app_isolate('consent_application');
SELECT app_tie('consent_application', 'person_id', 'people_person');
SELECT app_record('consent_application');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("consent", "0001_tables"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
