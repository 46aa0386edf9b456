"""Which pupils', courses' and schools' pages changed, and in which transaction: docs/adr/0012."""

from django.db import migrations

# What a page of the diary is made of, by whose pages a change concerns. tests/diary/test_held.py holds
# the list to the pages' own statements.
PUPIL = (
    "journal_mark", "journal_absence", "journal_homeworkanswer", "diary_acknowledgement", "diary_donetask",
    "consent_deliverydeclaration", "people_guardianship", "school_membership",
)  # fmt: skip
LESSON = ("journal_work", "journal_homework", "school_lessonchange")
HOMEWORK = ("journal_homeworkpupil", "journal_homeworkfile", "journal_homeworklink")
SCHOOL = (
    "people_person", "people_pupil", "people_restriction", "school_schoolyear", "school_vacation",
    "school_vacationclass", "school_specialday", "school_daystatus", "school_studygroup", "school_schoolclass",
    "school_course", "school_sitting", "school_subject", "school_room", "journal_workkind", "diary_announcement",
)  # fmt: skip
REGULATION = ("regulation_regulation", "regulation_regulationversion", "regulation_parameter")
TABLES = {
    **dict.fromkeys(PUPIL, "pupil"),
    **dict.fromkeys(LESSON, "lesson"),
    **dict.fromkeys(HOMEWORK, "homework"),
    **dict.fromkeys(SCHOOL, "school"),
    **dict.fromkeys(REGULATION, "branches"),  # a branch without a regulation goes by its school's
    "school_lesson": "course",
    "people_school": "itself",
}
ROWS = {
    "pupil": "SELECT r.pupil_id, r.school_id FROM {rows} r",
    "school": "SELECT r.school_id, r.school_id FROM {rows} r",
    "branches": "SELECT s.id, s.id FROM {rows} r JOIN people_school s ON r.school_id IN (s.id, s.parent_id)",
    "itself": "SELECT r.id, r.id FROM {rows} r",
    "course": "SELECT r.course_id, r.school_id FROM {rows} r",
    "lesson": "SELECT l.course_id, r.school_id FROM {rows} r JOIN school_lesson l ON l.id = r.lesson_id",
    "homework": "SELECT l.course_id, r.school_id FROM {rows} r JOIN journal_homework h ON h.id = r.homework_id"
                " JOIN school_lesson l ON l.id = h.lesson_id",
}  # fmt: skip

TABLE = """
CREATE TABLE diary_change (
  subject uuid NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  school_id uuid NOT NULL,
  PRIMARY KEY (subject, xid)
);
SELECT app_isolate('diary_change');
"""
NOTE = """
INSERT INTO diary_change (subject, school_id) SELECT DISTINCT * FROM ({}) AS changed ON CONFLICT DO NOTHING;"""
FUNCTION = """
CREATE FUNCTION diary_note_{whose}() RETURNS trigger LANGUAGE plpgsql {rights} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {new} ELSE {old} END IF;
  RETURN NULL;
END $$;
"""
# The school's writer need not see its branches.
BY_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp"


def _functions() -> str:
    """A row keeps its pupil, course and school for ever: a change of it is told by the row as it was."""
    made = []
    for whose, rows in ROWS.items():
        old, new = (NOTE.format(rows.format(rows=name)) for name in ("old_rows", "new_rows"))
        rights = BY_OWNER if whose == "branches" else ""
        made.append(FUNCTION.format(whose=whose, rights=rights, old=old, new=new))
    return "\n".join(made)


def _triggers() -> str:
    return "\n".join(
        f"SELECT app_after_statements('{table}', 'note', 'diary_note_{whose}()', 'INSERT', 'UPDATE', 'DELETE');"
        for table, whose in TABLES.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_record_whole_statements"),
        ("consent", "0002_keep_invariants"),
        ("diary", "0006_find_a_calendar"),
        ("journal", "0006_rules_of_whole_statements"),
        ("people", "0002_keep_invariants"),
        ("regulation", "0004_terms_of_the_order"),
        ("school", "0004_contact_hours"),
    ]

    operations = [
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunSQL(_functions(), migrations.RunSQL.noop),
        migrations.RunSQL(_triggers(), migrations.RunSQL.noop),
    ]
