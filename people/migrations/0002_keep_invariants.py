"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('people_school', 'id');
SELECT app_isolate('people_setting');
SELECT app_isolate('people_person');
SELECT app_record('people_person');
SELECT app_isolate('people_pupil');
SELECT app_tie('people_pupil', 'person_id', 'people_person');
SELECT app_isolate('people_employee');
SELECT app_tie('people_employee', 'person_id', 'people_person');
SELECT app_isolate('people_guardianship');
SELECT app_tie('people_guardianship', 'guardian_id', 'people_person');
SELECT app_tie('people_guardianship', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('people_guardianship');
SELECT app_isolate('people_restriction');
SELECT app_tie('people_restriction', 'guardianship_id', 'people_guardianship');
SELECT app_record('people_restriction');
SELECT app_isolate('people_roleassignment');
SELECT app_tie('people_roleassignment', 'person_id', 'people_person');
SELECT app_record('people_roleassignment');
"""

RULES = r"""
CREATE POLICY worker_knows_schools ON people_school FOR SELECT TO ediary_worker USING (true);

-- The persons and roles of an account in force at a moment, in every school (and its branches).
CREATE FUNCTION app_identities(account uuid, moment timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH held AS (
    SELECT p.id AS person, p.school_id AS school, r.role,
           concat(p.last_name, ' ', left(p.first_name, 1) || '.',
                  CASE WHEN p.middle_name <> '' THEN ' ' || left(p.middle_name, 1) || '.' END) AS name
      FROM people_person p
      JOIN people_user u ON u.id = p.user_id AND u.is_active
      JOIN people_school s ON s.id = p.school_id
      JOIN people_roleassignment r ON r.person_id = p.id
       AND r.since <= (moment AT TIME ZONE s.time_zone)::date
       AND (r.until IS NULL OR r.until >= (moment AT TIME ZONE s.time_zone)::date)
     WHERE p.user_id = account
  ), reached AS (
    SELECT person, school, role, name FROM held
     UNION
    SELECT h.person, b.id, h.role, h.name FROM held h JOIN people_school b ON b.parent_id = h.school
     WHERE h.role IN ('head', 'deputy_head', 'secretary', 'admin')
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
           'person', person, 'school', school, 'roles', roles, 'today', today, 'zone', zone, 'name', name)), '[]'::jsonb)
    FROM (SELECT r.person, r.school, r.name, array_agg(DISTINCT r.role) AS roles,
                 (moment AT TIME ZONE s.time_zone)::date AS today, s.time_zone AS zone
            FROM reached r JOIN people_school s ON s.id = r.school
           GROUP BY r.person, r.school, r.name, s.time_zone ORDER BY r.school, r.person) AS found
$$;

-- Opens the scope of a request: the account's schools, the actor, from where, which request.
CREATE FUNCTION app_enter(account uuid, moment timestamptz, origin text, request_id text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found jsonb := app_identities(account, moment);
BEGIN
  PERFORM set_config('app.schools',
    '{' || coalesce((SELECT string_agg(DISTINCT i->>'school', ',') FROM jsonb_array_elements(found) i), '') || '}',
    true);
  PERFORM set_config('app.actor', account::text, true);
  PERFORM set_config('app.origin', origin, true);
  PERFORM set_config('app.request_id', request_id, true);
  PERFORM set_config('app.reason', '', true);
  RETURN found;
END $$;

CREATE FUNCTION app_all_schools() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM people_school ORDER BY id
$$;

REVOKE EXECUTE ON FUNCTION app_identities(uuid, timestamptz), app_enter(uuid, timestamptz, text, text),
  app_all_schools() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_identities(uuid, timestamptz), app_enter(uuid, timestamptz, text, text)
  TO ediary_web, ediary_worker;
GRANT EXECUTE ON FUNCTION app_all_schools() TO ediary_worker;
CREATE INDEX people_person_search ON people_person USING gin (search_key gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
