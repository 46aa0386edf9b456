"""What `seed_school` leaves in the database: a small demo, one class of it with the cast."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from people.models import Person, Pupil, School, User
from people.scope import scope, scope_of_user
from school.models import Course, Lesson, SchoolClass


@pytest.fixture(scope="module")
def demo(own_database: None, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """A demo of two classes on Sunday 11 October; the list of its accounts."""
    path: Path = tmp_path_factory.mktemp("seed") / "accounts.json"
    call_command(
        "seed_school", "--fresh", classes=2, pupils=30, today=date(2026, 10, 11), until=UNTIL, accounts=path, stdout=_Silent()
    )  # fmt: skip
    return json.loads(path.read_text(encoding="utf-8"))


class _Silent:
    def write(self, text: str) -> None:
        """Steps are not this test's business."""


UNTIL = date(2026, 11, 20)
pytestmark = pytest.mark.slow


@pytest.fixture
def user_of(demo: list[dict[str, str]]) -> Any:
    def find(role: str) -> User:
        login = next(row["login"] for row in demo if row["role"] == role)
        return User.objects.using("owner").get(login=login)

    return find


def test_every_role_of_the_contract_has_an_account_that_signs_in(demo, user_of):
    roles = {row["role"] for row in demo}
    assert roles >= {
        "teacher", "class_teacher", "deputy_head", "head", "admin", "secretary", "branch_head", "guardian",
        "guardian_paper", "pupil", "other_school_teacher",
    }  # fmt: skip
    assert all(row["start"].startswith("/") for row in demo)
    account = user_of("teacher")
    assert account.check_password(demo[0]["password"])
    assert len(demo[0]["password"]) >= 10


def test_only_the_cast_has_passwords(demo, rows):
    usable = rows("SELECT count(*) FROM people_user WHERE password NOT LIKE '!%%'")
    assert usable == [(len(demo),)]


def test_the_town_school_has_its_classes_and_a_village_branch(demo, rows):
    found = rows(
        "SELECT s.short_name, s.parent_id IS NOT NULL, count(DISTINCT c.id) FROM people_school s"
        " JOIN school_schoolclass c ON c.school_id = s.id AND c.year = 2026 GROUP BY s.id ORDER BY s.short_name"
    )
    assert found == [
        ("Основная школа № 3", False, 4), ("Средняя школа № 12", False, 2), ("Школа в селе Берёзовка", True, 9),
    ]  # fmt: skip


def test_no_teacher_room_or_pupil_is_in_two_places(demo, rows):
    twice = """
        SELECT 1 FROM school_sitting a JOIN school_sitting b ON a.id < b.id AND a.day = b.day AND a.during && b.during
         AND NOT a.cancelled AND NOT b.cancelled AND (a.teacher_id = b.teacher_id OR a.room_id = b.room_id) LIMIT 1"""
    clash = """
        SELECT m.pupil_id FROM school_lesson l
          JOIN school_sitting s ON s.id = l.sitting_id AND NOT s.cancelled
          JOIN school_course c ON c.id = l.course_id
          JOIN school_membership m ON m.group_id = c.group_id AND m.since <= l.day
           AND (m.until IS NULL OR m.until >= l.day)
         WHERE l.status <> 'cancelled'
         GROUP BY m.pupil_id, s.during HAVING count(DISTINCT s.id) > 1 LIMIT 1"""
    assert rows(twice) == []
    assert rows(clash) == []


def test_a_joint_class_of_the_village_sits_together(demo, rows):
    joint = rows(
        "SELECT DISTINCT array_agg(g.grade_level ORDER BY g.grade_level) FROM school_lesson l"
        " JOIN school_course c ON c.id = l.course_id JOIN school_studygroup g ON g.id = c.group_id"
        " JOIN school_subject s ON s.id = c.subject_id AND s.name = 'Математика'"
        " GROUP BY l.sitting_id HAVING count(*) > 1"
    )
    assert sorted(joint) == [([1, 3],), ([2, 4],)]


def test_days_of_a_pupil_have_no_windows(demo, rows):
    pupils = rows(
        "SELECT m.pupil_id, t.weekday, array_agg(DISTINCT t.number ORDER BY t.number) FROM school_timetableentry t"
        " JOIN school_course c ON c.id = t.course_id JOIN school_membership m ON m.group_id = c.group_id"
        " GROUP BY m.pupil_id, t.weekday"
    )
    assert [
        row for row in pupils if row[2] != list(range(row[2][0], row[2][0] + len(row[2])))
    ] == []


def test_lessons_stand_on_school_days_only(demo, rows):
    assert rows("SELECT min(day), max(day) FROM school_lesson") == [(date(2026, 9, 1), UNTIL)]
    off = rows(
        "SELECT l.day FROM school_lesson l LEFT JOIN school_vacation v ON v.school_id = l.school_id"
        " AND l.day BETWEEN v.starts AND v.ends AND v.grade_from = 1 AND v.grade_to = 11"
        " LEFT JOIN school_specialday d ON d.school_id = l.school_id AND d.day = l.day AND d.kind = 'off'"
        " WHERE v.id IS NOT NULL OR d.id IS NOT NULL OR extract(isodow FROM l.day) > 5 LIMIT 1"
    )
    assert off == []


def test_nothing_is_recorded_after_the_moment(demo, rows):
    assert rows(
        "SELECT count(*) > 0, max(day) FROM school_lesson WHERE recorded_at IS NOT NULL"
    ) == [(True, date(2026, 10, 9))]
    for table in ("journal_mark", "journal_absence", "journal_homework"):
        assert rows(f"SELECT count(*) FROM {table} WHERE set_at > '2026-10-11 17:00+00'") == [(0,)]


def test_the_first_grade_has_no_marks_and_no_homework(demo, rows):
    for table in ("journal_mark", "journal_homework"):
        graded = rows(
            f"SELECT DISTINCT g.grade_level FROM {table} x JOIN school_lesson l ON l.id = x.lesson_id"
            " JOIN school_course c ON c.id = l.course_id JOIN school_studygroup g ON g.id = c.group_id"
        )
        assert graded
        assert (1,) not in graded


def test_marks_are_given_for_works_to_pupils_who_were_there(demo, rows):
    assert rows("SELECT count(*) > 500 FROM journal_mark") == [(True,)]
    wrong = rows(
        "SELECT m.id FROM journal_mark m JOIN school_lesson l ON l.id = m.lesson_id"
        " JOIN school_course c ON c.id = l.course_id"
        " LEFT JOIN journal_absence a ON a.lesson_id = l.id AND a.pupil_id = m.pupil_id AND a.code <> 'late'"
        " LEFT JOIN school_membership s ON s.group_id = c.group_id AND s.pupil_id = m.pupil_id AND s.since <= l.day"
        "  AND (s.until IS NULL OR s.until >= l.day)"
        # Who was away may owe the work: the point is all that stands there.
        " WHERE (a.id IS NOT NULL AND m.value <> '.') OR s.id IS NULL LIMIT 1"
    )
    assert wrong == []


def test_a_diary_is_open_only_after_consent(demo, rows):
    opened = rows(
        "SELECT count(*), count(d.id) FROM people_guardianship g LEFT JOIN consent_decision d"
        " ON d.signer_id = g.guardian_id AND d.subject_id = g.pupil_id AND d.kind = 'consent'"
        " AND d.purpose_id IN (SELECT id FROM consent_purpose WHERE code = 'diary') WHERE g.open_from IS NOT NULL"
    )
    assert opened[0][0] == opened[0][1] > 0


def test_history_tells_who_marked_and_when(demo, rows):
    told = rows(
        "SELECT count(*), bool_and(a.actor = m.set_by_id), bool_and(a.at = m.set_at) FROM journal_mark m"
        " JOIN audit_event a ON a.row_id = m.id AND a.action = 'I' WHERE m.set_at > '2026-10-05'"
    )
    assert told[0][0] > 0
    assert told[0][1:] == (True, True)


def test_triggers_work_again_after_the_seed(demo, rows):
    assert rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'") == []


def test_the_guardian_reads_both_children_and_the_paper_family_none(demo, user_of):
    for role, count in (("guardian", 2), ("guardian_paper", 0)):
        user = user_of(role)
        with scope_of_user(user):
            assert Pupil.objects.visible_to(user).open(date(2026, 10, 11)).count() == count


def test_nobody_of_the_second_school_is_seen_from_the_first(demo, user_of):
    ids = dict(School.objects.using("owner").values_list("short_name", "pk"))
    stranger = user_of("other_school_teacher")
    with scope_of_user(stranger):
        assert {person.school_id for person in Person.objects.all()} == {ids["Основная школа № 3"]}
        assert not SchoolClass.objects.filter(school=ids["Средняя школа № 12"]).exists()
    with scope([ids["Средняя школа № 12"], ids["Школа в селе Берёзовка"]]):
        for model in (Person, Course, Lesson):
            assert not model.objects.filter(school=ids["Основная школа № 3"]).exists()


def test_maria_teaches_mathematics_in_the_class_that_ivan_leads(demo, user_of):
    maria, ivan = user_of("teacher"), user_of("class_teacher")
    with scope_of_user(maria):
        mine = Course.objects.visible_to(maria).filter(
            teachers__person__user=maria, group__name="7А"
        )
        assert set(mine.values_list("subject__name", flat=True)) == {
            "Алгебра", "Геометрия", "Вероятность и статистика",
        }  # fmt: skip
    with scope_of_user(ivan):
        assert [form.name for form in SchoolClass.objects.visible_to(ivan)] == ["7А"]


def test_it_refuses_where_there_are_schools(demo, tmp_path, rows):
    with pytest.raises(CommandError, match="--fresh"):
        call_command("seed_school", accounts=tmp_path / "a.json")
    before = rows("SELECT count(*) FROM people_person")
    call_command("seed_school", "--if-empty", accounts=tmp_path / "a.json")
    assert rows("SELECT count(*) FROM people_person") == before
    assert not (tmp_path / "a.json").exists()
    connections["owner"].close()


def test_every_course_follows_a_plan_that_its_recorded_lessons_gave(demo, rows):
    assert rows(
        "SELECT count(*) FROM school_course c WHERE c.year = 2026"
        " AND NOT EXISTS (SELECT 1 FROM journal_courseprogramme p WHERE p.course_id = c.id)"
    ) == [(0,)]
    ((recorded, given, cancelled),) = rows(
        "SELECT count(*) FILTER (WHERE l.recorded_at IS NOT NULL AND l.status <> 'cancelled'), count(t.id),"
        " count(*) FILTER (WHERE l.status = 'cancelled' AND t.id IS NOT NULL)"
        " FROM school_lesson l JOIN school_course c ON c.id = l.course_id AND c.year = 2026"
        " LEFT JOIN journal_lessontopic t ON t.lesson_id = l.id"
    )
    assert (cancelled, given > 0.95 * recorded > 100) == (0, True)
