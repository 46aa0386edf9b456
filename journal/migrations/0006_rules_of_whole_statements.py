"""Marks and absences are recorded and judged a statement at a time: two hundred of them cost as two."""

from django.db import migrations

RULES = r"""
SELECT app_record_statements('journal_mark');
SELECT app_record_statements('journal_absence');

CREATE FUNCTION app_number_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rev := nextval('journal_cell_rev');
  RETURN NEW;
END $$;

-- As app_refuse_closed_year, for all rows of a statement.
CREATE FUNCTION app_refuse_closed_years() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed int;
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT y.year INTO closed FROM (SELECT DISTINCT o.school_id, o.year FROM old_rows o) AS changed
      JOIN school_schoolyear y ON y.school_id = changed.school_id AND y.year = changed.year
     WHERE y.closed_at IS NOT NULL LIMIT 1;
  ELSE
    SELECT y.year INTO closed FROM (SELECT DISTINCT n.school_id, n.year FROM new_rows n) AS changed
      JOIN school_schoolyear y ON y.school_id = changed.school_id AND y.year = changed.year
     WHERE y.closed_at IS NOT NULL LIMIT 1;
  END IF;
  IF closed IS NOT NULL THEN
    RAISE EXCEPTION 'the school year % is closed', closed
      USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year';
  END IF;
  RETURN NULL;
END $$;

-- As app_mark_in_scale, for all rows of a statement.
CREATE FUNCTION app_marks_in_scale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT l.id AS lesson_id, one.value INTO wrong
    FROM (SELECT DISTINCT n.school_id, n.year, n.lesson_id, n.value FROM new_rows n) AS one
    LEFT JOIN school_lesson l ON l.id = one.lesson_id AND l.school_id = one.school_id AND l.year = one.year
    LEFT JOIN school_course c ON c.id = l.course_id
    LEFT JOIN journal_scale s ON s.school_id = l.school_id AND s.code = c.scale_code
     AND s.since <= l.day AND (s.until IS NULL OR s.until >= l.day)
   WHERE s.values IS NULL OR NOT (one.value = '.' OR s.values ? one.value)
   LIMIT 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF wrong.lesson_id IS NULL THEN
    RAISE EXCEPTION 'a mark stands in the year and school of its lesson'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_mark_of_lesson';
  END IF;
  RAISE EXCEPTION '% is not a mark of this scale', wrong.value
    USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_mark_in_scale';
END $$;

DROP TRIGGER in_scale ON journal_mark;
DROP FUNCTION app_mark_in_scale();
CREATE TRIGGER number BEFORE INSERT OR UPDATE ON journal_mark FOR EACH ROW EXECUTE FUNCTION app_number_cell();
SELECT app_after_statements('journal_mark', 'in_scale', 'app_marks_in_scale()', 'INSERT', 'UPDATE');

DROP TRIGGER closed_year ON journal_mark;
DROP TRIGGER closed_year ON journal_absence;
SELECT app_after_statements('journal_mark', 'closed_year', 'app_refuse_closed_years()', 'INSERT', 'UPDATE', 'DELETE');
SELECT app_after_statements('journal_absence', 'closed_year', 'app_refuse_closed_years()', 'INSERT', 'UPDATE', 'DELETE');

-- What is owed is found by its day (journal_mark_owed_until: no other mark has one). With the value in
-- the index's condition, a mark that gives way to another was written into every index of the table.
DROP INDEX journal_mark_owed;
CREATE INDEX journal_mark_owed ON journal_mark (school_id) WHERE due_day IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_record_whole_statements"),
        ("journal", "0005_keep_the_class_journal"),
        ("school", "0002_keep_invariants"),
    ]

    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
