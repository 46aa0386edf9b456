"""The date of printing is the school's own, whatever the zone of the server."""

from django.db import migrations

FUNCTION = r"""
DROP FUNCTION app_verify_extract(text);
CREATE FUNCTION app_verify_extract(wanted text)
RETURNS TABLE (school_name text, week date, printed_on date, pages int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.name::text, e.week, (e.printed_at AT TIME ZONE s.time_zone)::date, e.pages::int
    FROM printouts_extract e JOIN people_school s ON s.id = e.school_id WHERE e.code = wanted
$$;
REVOKE EXECUTE ON FUNCTION app_verify_extract(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_verify_extract(text) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("printouts", "0003_class_of_a_job"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]
