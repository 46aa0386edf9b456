"""The clock of the user's school comes with the identities: pages write its time, not the server's."""

from django.db import migrations

NEW = """
CREATE OR REPLACE FUNCTION app_identities(account uuid, moment timestamptz) RETURNS jsonb
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
"""
# As 0002 made it.
OLD = """
CREATE OR REPLACE FUNCTION app_identities(account uuid, moment timestamptz) RETURNS jsonb
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
           'person', person, 'school', school, 'roles', roles, 'today', today, 'name', name)), '[]'::jsonb)
    FROM (SELECT r.person, r.school, r.name, array_agg(DISTINCT r.role) AS roles,
                 (moment AT TIME ZONE s.time_zone)::date AS today
            FROM reached r JOIN people_school s ON s.id = r.school
           GROUP BY r.person, r.school, r.name, s.time_zone ORDER BY r.school, r.person) AS found
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_cache_in_the_database")]

    operations = [migrations.RunSQL(NEW, OLD)]
