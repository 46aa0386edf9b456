"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('journal_scale');
SELECT app_isolate('journal_workkind');
SELECT app_isolate('journal_work');
SELECT app_tie('journal_work', 'lesson_id', 'school_lesson');
SELECT app_tie('journal_work', 'kind_id', 'journal_workkind');
SELECT app_record('journal_work');
SELECT app_isolate('journal_mark');
SELECT app_tie('journal_mark', 'lesson_id', 'school_lesson');
SELECT app_tie('journal_mark', 'work_id', 'journal_work');
SELECT app_tie('journal_mark', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('journal_mark');
SELECT app_isolate('journal_absence');
SELECT app_tie('journal_absence', 'lesson_id', 'school_lesson');
SELECT app_tie('journal_absence', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('journal_absence');
SELECT app_isolate('journal_operation');
SELECT app_isolate('journal_homework');
SELECT app_tie('journal_homework', 'lesson_id', 'school_lesson');
SELECT app_tie('journal_homework', 'due_lesson_id', 'school_lesson');
SELECT app_record('journal_homework');
SELECT app_isolate('journal_homeworkpupil');
SELECT app_tie('journal_homeworkpupil', 'homework_id', 'journal_homework');
SELECT app_tie('journal_homeworkpupil', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_isolate('journal_homeworkfile');
SELECT app_tie('journal_homeworkfile', 'homework_id', 'journal_homework');
SELECT app_isolate('journal_periodmark');
SELECT app_tie('journal_periodmark', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_tie('journal_periodmark', 'course_id', 'school_course');
SELECT app_tie('journal_periodmark', 'period_id', 'school_period');
SELECT app_record('journal_periodmark');
SELECT app_isolate('journal_yearmark');
SELECT app_tie('journal_yearmark', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_tie('journal_yearmark', 'course_id', 'school_course');
SELECT app_record('journal_yearmark');
SELECT app_isolate('journal_examresult');
SELECT app_tie('journal_examresult', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_tie('journal_examresult', 'subject_id', 'school_subject');
SELECT app_record('journal_examresult');
SELECT app_isolate('journal_finalmark');
SELECT app_tie('journal_finalmark', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_tie('journal_finalmark', 'subject_id', 'school_subject');
SELECT app_record('journal_finalmark');
SELECT app_isolate('journal_deferral');
SELECT app_tie('journal_deferral', 'period_mark_id', 'journal_periodmark');
SELECT app_record('journal_deferral');
SELECT app_isolate('journal_signoff');
SELECT app_tie('journal_signoff', 'course_id', 'school_course');
SELECT app_tie('journal_signoff', 'period_id', 'school_period');
SELECT app_record('journal_signoff');
"""

RULES = r"""
CREATE SEQUENCE journal_cell_rev;

-- A mark stands in its lesson's year, within the scale of its course; every change gets a new revision.
CREATE FUNCTION app_mark_in_scale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lesson record;
BEGIN
  SELECT l.year, l.course_id, s.values INTO lesson
    FROM school_lesson l JOIN school_course c ON c.id = l.course_id
    LEFT JOIN journal_scale s ON s.school_id = l.school_id AND s.code = c.scale_code
     AND s.since <= l.day AND (s.until IS NULL OR s.until >= l.day)
   WHERE l.id = NEW.lesson_id AND l.school_id = NEW.school_id;
  IF NOT FOUND OR lesson.year <> NEW.year THEN
    RAISE EXCEPTION 'a mark stands in the year and school of its lesson'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_mark_of_lesson';
  END IF;
  IF lesson.values IS NULL OR NOT lesson.values ? NEW.value THEN
    RAISE EXCEPTION '% is not a mark of this scale', NEW.value
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_mark_in_scale';
  END IF;
  NEW.rev := nextval('journal_cell_rev');
  RETURN NEW;
END $$;
CREATE TRIGGER in_scale BEFORE INSERT OR UPDATE ON journal_mark FOR EACH ROW EXECUTE FUNCTION app_mark_in_scale();

CREATE FUNCTION app_absence_of_lesson() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM school_lesson l WHERE l.id = NEW.lesson_id
                  AND l.school_id = NEW.school_id AND l.year = NEW.year) THEN
    RAISE EXCEPTION 'an absence stands in the year and school of its lesson'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_absence_of_lesson';
  END IF;
  NEW.rev := nextval('journal_cell_rev');
  RETURN NEW;
END $$;
CREATE TRIGGER of_lesson BEFORE INSERT OR UPDATE ON journal_absence FOR EACH ROW EXECUTE FUNCTION app_absence_of_lesson();

SELECT app_close_with_year('journal_mark');
SELECT app_close_with_year('journal_absence');
SELECT app_close_with_year('journal_homework');
SELECT app_close_with_year('journal_periodmark');
SELECT app_close_with_year('journal_yearmark');
SELECT app_close_with_year('journal_examresult');
SELECT app_close_with_year('journal_finalmark');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("journal", "0001_tables"),
        ("school", "0002_keep_invariants"),
        ("people", "0001_people"),
        ("school", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
