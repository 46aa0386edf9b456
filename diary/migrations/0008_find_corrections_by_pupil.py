"""Corrections of a pupil's marks and absences by the index on the pupil, which row security keeps plain statements from.

`before ->> 'pupil_id'` is not leakproof: under a policy it may not lead into the index, so that each page of the
diary read every correction of the school.
"""

from django.db import migrations

_OF = """
  SELECT e.* FROM people_pupil p JOIN audit_event e ON e.school_id = p.school_id
     AND e.year = wanted_year AND e.table_name = '{table}' AND e.action <> 'I'
     AND e.before ->> 'pupil_id' = p.person_id::text
   WHERE wanted_table = '{table}' AND p.person_id = ANY (pupils) AND p.school_id = ANY (app_schools())
"""
FUNCTION = f"""
-- What stood before each correction, in the schools of the scope.
CREATE FUNCTION app_corrected(wanted_year int, wanted_table text, pupils uuid[]) RETURNS SETOF audit_event
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
{_OF.format(table="journal_mark")} UNION ALL {_OF.format(table="journal_absence")}
$$;
REVOKE EXECUTE ON FUNCTION app_corrected(int, text, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_corrected(int, text, uuid[]) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_record_whole_statements"),
        ("diary", "0007_changes_of_pages"),
        ("journal", "0005_keep_the_class_journal"),
        ("people", "0002_keep_invariants"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION app_corrected(int, text, uuid[]);"),
    ]
