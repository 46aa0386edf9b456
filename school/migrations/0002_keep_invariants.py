"""Rows stay in their school, and what must be remembered is recorded."""

from django.db import migrations

KEEP = """
SELECT app_isolate('school_schoolyear');
SELECT app_isolate('school_period');
SELECT app_isolate('school_vacation');
SELECT app_isolate('school_vacationclass');
SELECT app_tie('school_vacationclass', 'vacation_id', 'school_vacation');
SELECT app_tie('school_vacationclass', 'school_class_id', 'school_schoolclass');
SELECT app_isolate('school_specialday');
SELECT app_isolate('school_bellschedule');
SELECT app_isolate('school_bellslot');
SELECT app_tie('school_bellslot', 'schedule_id', 'school_bellschedule');
SELECT app_isolate('school_daystatus');
SELECT app_tie('school_daystatus', 'school_class_id', 'school_schoolclass');
SELECT app_isolate('school_schoolclass');
SELECT app_isolate('school_classteacher');
SELECT app_tie('school_classteacher', 'school_class_id', 'school_schoolclass');
SELECT app_tie('school_classteacher', 'person_id', 'people_person');
SELECT app_isolate('school_studygroup');
SELECT app_tie('school_studygroup', 'school_class_id', 'school_schoolclass');
SELECT app_isolate('school_membership');
SELECT app_tie('school_membership', 'group_id', 'school_studygroup');
SELECT app_tie('school_membership', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('school_membership');
SELECT app_isolate('school_enrolment');
SELECT app_tie('school_enrolment', 'pupil_id', 'people_pupil', 'person_id');
SELECT app_record('school_enrolment');
SELECT app_isolate('school_transfer');
SELECT app_tie('school_transfer', 'enrolment_id', 'school_enrolment');
SELECT app_tie('school_transfer', 'from_class_id', 'school_schoolclass');
SELECT app_tie('school_transfer', 'to_class_id', 'school_schoolclass');
SELECT app_record('school_transfer');
SELECT app_isolate('school_leaving');
SELECT app_tie('school_leaving', 'enrolment_id', 'school_enrolment');
SELECT app_record('school_leaving');
SELECT app_isolate('school_room');
SELECT app_isolate('school_subject');
SELECT app_isolate('school_course');
SELECT app_tie('school_course', 'group_id', 'school_studygroup');
SELECT app_tie('school_course', 'subject_id', 'school_subject');
SELECT app_isolate('school_courseteacher');
SELECT app_tie('school_courseteacher', 'course_id', 'school_course');
SELECT app_tie('school_courseteacher', 'person_id', 'people_person');
SELECT app_isolate('school_curriculum');
SELECT app_tie('school_curriculum', 'group_id', 'school_studygroup');
SELECT app_tie('school_curriculum', 'subject_id', 'school_subject');
SELECT app_isolate('school_timetableentry');
SELECT app_tie('school_timetableentry', 'course_id', 'school_course');
SELECT app_tie('school_timetableentry', 'room_id', 'school_room');
SELECT app_tie('school_timetableentry', 'teacher_id', 'people_person');
SELECT app_isolate('school_sitting');
SELECT app_tie('school_sitting', 'teacher_id', 'people_person');
SELECT app_tie('school_sitting', 'room_id', 'school_room');
SELECT app_isolate('school_lesson');
SELECT app_tie('school_lesson', 'course_id', 'school_course');
SELECT app_tie('school_lesson', 'sitting_id', 'school_sitting');
SELECT app_record('school_lesson');
SELECT app_isolate('school_lessonchange');
SELECT app_tie('school_lessonchange', 'lesson_id', 'school_lesson');
SELECT app_tie('school_lessonchange', 'absent_teacher_id', 'people_person');
SELECT app_tie('school_lessonchange', 'substitute_id', 'people_person');
SELECT app_record('school_lessonchange');
"""

RULES = r"""
-- A pupil is in one place at a time: checked at commit, for a lesson and all that overlap it.
CREATE FUNCTION app_refuse_pupil_clash(one uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE clash record;
BEGIN
  SELECT m.pupil_id, l.day, l.number INTO clash
    FROM school_lesson l
    JOIN school_sitting s ON s.id = l.sitting_id AND NOT s.cancelled
    JOIN school_course c ON c.id = l.course_id
    JOIN school_sitting os ON os.school_id = s.school_id AND os.day = s.day AND os.id <> s.id
     AND os.during && s.during AND NOT os.cancelled
    JOIN school_lesson ol ON ol.sitting_id = os.id AND ol.status <> 'cancelled'
    JOIN school_course oc ON oc.id = ol.course_id
    JOIN school_membership m ON m.group_id = c.group_id
     AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)
    JOIN school_membership om ON om.group_id = oc.group_id AND om.pupil_id = m.pupil_id
     AND om.since <= l.day AND (om.until IS NULL OR om.until >= l.day)
   WHERE l.id = one AND l.status <> 'cancelled'
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a pupil is in two places on % at lesson %', clash.day, clash.number
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'school_lesson_pupil_once';
  END IF;
END $$;

CREATE FUNCTION app_lesson_in_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM school_sitting s WHERE s.id = NEW.sitting_id AND s.day = NEW.day) THEN
    RAISE EXCEPTION 'the day of a lesson is the day of its sitting'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'school_lesson_day_of_sitting';
  END IF;
  PERFORM app_refuse_pupil_clash(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER in_place AFTER INSERT OR UPDATE OF sitting_id, course_id, status, day ON school_lesson
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app_lesson_in_place();

CREATE FUNCTION app_sitting_in_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM school_lesson WHERE sitting_id = NEW.id AND day <> NEW.day) THEN
    RAISE EXCEPTION 'the day of a lesson is the day of its sitting'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'school_lesson_day_of_sitting';
  END IF;
  PERFORM app_refuse_pupil_clash(id) FROM school_lesson WHERE sitting_id = NEW.id;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER in_place AFTER UPDATE OF day, during, cancelled ON school_sitting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app_sitting_in_place();

-- A closed year is read-only: archive, not change.
CREATE FUNCTION app_refuse_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
  IF EXISTS (SELECT 1 FROM school_schoolyear y WHERE y.school_id = (changed->>'school_id')::uuid
              AND y.year = (changed->>'year')::int AND y.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the school year % is closed', changed->>'year'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION app_close_with_year(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER closed_year BEFORE INSERT OR UPDATE OR DELETE ON %I'
                 ' FOR EACH ROW EXECUTE FUNCTION app_refuse_closed_year()', t);
END $$;
SELECT app_close_with_year('school_lesson');
SELECT app_close_with_year('school_course');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("people", "0001_people"),
        ("school", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
