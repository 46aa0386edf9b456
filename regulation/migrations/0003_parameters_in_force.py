"""The regulation in force at a school, its parent's where a branch has none of its own."""

from django.db import migrations

WORDS = r"""
-- A branch's staff do not see the parent school's rows: the function shows its regulation alone.
CREATE FUNCTION app_regulation(wanted uuid, day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
           'version', v.id, 'school', v.school_id, 'profile', v.profile, 'since', v.since, 'until', v.until,
           'title', r.title, 'order_number', v.order_number, 'order_date', v.order_date,
           'minutes', v.minutes, 'legal_basis', v.legal_basis,
           'parameters', (SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}'::jsonb)
                            FROM regulation_parameter p WHERE p.version_id = v.id))
    FROM people_school s
    JOIN regulation_regulationversion v ON v.school_id IN (s.id, s.parent_id)
    JOIN regulation_regulation r ON r.id = v.regulation_id
   WHERE s.id = wanted AND v.since <= day AND (v.until IS NULL OR v.until >= day)
     AND (wanted = ANY (app_schools())
          OR (app_schools() IS NULL AND session_user NOT IN ('ediary_web', 'ediary_worker')))
   ORDER BY v.school_id = wanted DESC, v.since DESC, v.id
   LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION app_regulation(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_regulation(uuid, date) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regulation", "0002_keep_invariants"),
    ]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION app_regulation(uuid, date)"),
    ]
