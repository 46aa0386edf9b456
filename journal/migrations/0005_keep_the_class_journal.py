"""The new tables stay in their school and are recorded; points, debts and notes keep their rules."""

from django.db import migrations

PUPIL = "people_pupil', 'person_id"
# table: (columns that point to tables of the school, is it recorded, is it closed with the year)
TABLES: dict[str, tuple[dict[str, str], bool, bool]] = {
    "programme": (
        {"subject_id": "school_subject", "copied_from_id": "journal_programme"},
        True,
        True,
    ),
    "unit": ({"programme_id": "journal_programme"}, True, False),
    "topic": (
        {
            "programme_id": "journal_programme",
            "unit_id": "journal_unit",
            "work_kind_id": "journal_workkind",
        },
        True,
        False,
    ),
    "courseprogramme": (
        {"course_id": "school_course", "programme_id": "journal_programme"},
        True,
        False,
    ),
    "lessontopic": ({"lesson_id": "school_lesson", "topic_id": "journal_topic"}, True, False),
    "absencenote": ({"pupil_id": PUPIL}, True, True),
    "mealcount": ({"school_class_id": "school_schoolclass"}, True, False),
    "behaviourmark": ({"pupil_id": PUPIL, "period_id": "school_period"}, True, True),
    "reopening": ({"lesson_id": "school_lesson", "person_id": "people_person"}, True, False),
    "remark": (
        {"course_id": "school_course", "lesson_id": "school_lesson", "teacher_id": "people_person"},
        True,
        False,
    ),
    "unusualedit": ({"course_id": "school_course"}, False, False),
    "presence": ({"course_id": "school_course"}, False, False),
    "criterion": ({"work_id": "journal_work"}, True, False),
    "criterionpoints": ({"criterion_id": "journal_criterion", "pupil_id": PUPIL}, True, False),
    "homeworklink": ({"homework_id": "journal_homework"}, False, False),
    "homeworkanswer": ({"homework_id": "journal_homework", "pupil_id": PUPIL}, True, False),
    "finalrule": ({"subject_id": "school_subject"}, True, False),
    "academicdebt": ({"pupil_id": PUPIL, "subject_id": "school_subject"}, True, False),
    "attempt": ({"debt_id": "journal_academicdebt"}, True, False),
    "councildecision": ({"pupil_id": PUPIL}, True, True),
}


def _keep() -> str:
    words = []
    for name, (ties, recorded, closes) in TABLES.items():
        table = f"journal_{name}"
        words.append(f"SELECT app_isolate('{table}');")
        words += [
            f"SELECT app_tie('{table}', '{column}', '{target}');" for column, target in ties.items()
        ]
        if recorded:
            words.append(f"SELECT app_record('{table}');")
        if closes:
            words.append(f"SELECT app_close_with_year('{table}');")
    return "\n".join(words)


RULES = r"""
-- Who has a journal open is forgotten with a crash: nothing of it goes to the write-ahead log.
ALTER TABLE journal_presence SET UNLOGGED;

-- The settings of scales and kinds of work, and of the school, are recorded too.
SELECT app_record('journal_scale');
SELECT app_record('journal_workkind');
SELECT app_record('people_setting');

-- As before, and «.» (a mark still owed) stands in every scale.
CREATE OR REPLACE FUNCTION app_mark_in_scale() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF lesson.values IS NULL OR NOT (NEW.value = '.' OR lesson.values ? NEW.value) THEN
    RAISE EXCEPTION '% is not a mark of this scale', NEW.value
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_mark_in_scale';
  END IF;
  NEW.rev := nextval('journal_cell_rev');
  RETURN NEW;
END $$;

-- An absence in the dates of a note takes the note's reason, whoever enters it and whenever.
CREATE OR REPLACE FUNCTION app_absence_of_lesson() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lesson_day date; lesson_number int; note record;
BEGIN
  SELECT l.day, l.number INTO lesson_day, lesson_number FROM school_lesson l
   WHERE l.id = NEW.lesson_id AND l.school_id = NEW.school_id AND l.year = NEW.year;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an absence stands in the year and school of its lesson'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_absence_of_lesson';
  END IF;
  IF NEW.code = 'absent' THEN
    SELECT n.code, n.document INTO note FROM journal_absencenote n
     WHERE n.school_id = NEW.school_id AND n.pupil_id = NEW.pupil_id
       AND lesson_day BETWEEN n.since AND n.until
       AND (n.first_lesson IS NULL OR lesson_number BETWEEN n.first_lesson AND n.last_lesson)
     ORDER BY n.set_at DESC LIMIT 1;
    IF FOUND THEN
      NEW.code := note.code;
      NEW.reason := note.document;
    END IF;
  END IF;
  NEW.rev := nextval('journal_cell_rev');
  RETURN NEW;
END $$;

-- What was corrected or taken back is shown to the family: few rows, found by the pupil.
CREATE INDEX audit_event_corrected ON audit_event (school_id, (before ->> 'pupil_id'))
 WHERE table_name = 'journal_mark' AND action <> 'I';

-- Debts are few among the marks.
CREATE INDEX journal_mark_owed ON journal_mark (school_id) WHERE value = '.';

-- Points by a criterion are not more than it gives.
CREATE FUNCTION app_points_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.points > (SELECT c.maximum FROM journal_criterion c WHERE c.id = NEW.criterion_id) THEN
    RAISE EXCEPTION 'more points than the criterion gives'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_criterionpoints_within';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER within BEFORE INSERT OR UPDATE ON journal_criterionpoints
  FOR EACH ROW EXECUTE FUNCTION app_points_within();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0004_year_of_the_class"),
        ("school", "0002_keep_invariants"),
    ]

    operations = [
        migrations.RunSQL(_keep(), migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
