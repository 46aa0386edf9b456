"""The history of a pupil's results by an index on the pupil, which row security keeps plain statements from."""

from django.db import migrations

FUNCTION = """
CREATE INDEX audit_event_result ON audit_event (school_id, (coalesce(after, before) ->> 'pupil_id'))
 WHERE table_name IN ('journal_periodmark', 'journal_yearmark');

-- Every change of the pupil's results of the year, in the schools of the scope.
CREATE FUNCTION app_changed_results(wanted_year int, pupil uuid) RETURNS SETOF audit_event
LANGUAGE sql STABLE SECURITY DEFINER ROWS 30 SET search_path = public, pg_temp AS $$
  SELECT e.* FROM people_pupil p JOIN audit_event e ON e.school_id = p.school_id AND e.year = wanted_year
     AND e.table_name IN ('journal_periodmark', 'journal_yearmark')
     AND coalesce(e.after, e.before) ->> 'pupil_id' = p.person_id::text
   WHERE p.person_id = pupil AND p.school_id = ANY (app_schools())
$$;
REVOKE EXECUTE ON FUNCTION app_changed_results(int, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_changed_results(int, uuid) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0007_read_history_of_cells"),
        ("people", "0002_keep_invariants"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTION, "DROP FUNCTION app_changed_results(int, uuid); DROP INDEX audit_event_result;"
        ),
    ]
