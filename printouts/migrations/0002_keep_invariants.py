"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('printouts_printjob');
SELECT app_isolate('printouts_extract');
SELECT app_tie('printouts_extract', 'job_id', 'printouts_printjob');
SELECT app_tie('printouts_extract', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_tie('printouts_extract', 'issued_to_id', 'people_person');
SELECT app_isolate('printouts_download');
SELECT app_tie('printouts_download', 'job_id', 'printouts_printjob');
"""

RULES = r"""
-- Whether a printed document is genuine: nothing personal, no sign-in (contract: /verify/<code>).
CREATE FUNCTION app_verify_extract(wanted text)
RETURNS TABLE (school_name text, week date, printed_at timestamptz, pages int, version text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.name::text, e.week, e.printed_at, e.pages::int, e.version::text
    FROM printouts_extract e JOIN people_school s ON s.id = e.school_id WHERE e.code = wanted
$$;
REVOKE EXECUTE ON FUNCTION app_verify_extract(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_verify_extract(text) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("people", "0001_people"),
        ("printouts", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
