"""Saving cells: what is written, what is refused, and that a repeat changes nothing."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from common.errors import Forbidden
from journal import actions, queries
from journal.errors import OperationReused, OtherUser
from journal.models import Absence, Mark, Operation, SignOff, Work
from journal.sheet import CellAnswer, CellEntry, SaveAnswer
from people.models import Setting
from school.models import LessonStatus, Membership, SchoolYear
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast
from tests.journal.world import settle


def save(
    cast: Cast, who: str, cells: list[tuple[str, str, int]], *, course: str = "algebra", day: Any = TODAY,
    op: UUID | None = None, lesson: Any = None,
) -> SaveAnswer:  # fmt: skip
    user = cast.user(who)
    facts = queries.course_facts(user, cast.courses[course].pk, today=TODAY)
    lesson_id = lesson or cast.lesson(course, day).pk
    entries = [CellEntry(cast.pupils[name].pk, lesson_id, value, rev) for name, value, rev in cells]
    return actions.save_cells(by=user, course=facts, op=op or uuid4(), entries=entries, now=NOW)


def one(
    cast: Cast, who: str, value: str, *, rev: int = 0, pupil: str = "olya", **more: Any
) -> CellAnswer:
    (cell,) = save(cast, who, [(pupil, value, rev)], **more).cells
    return cell


def stands(cast: Cast, pupil: str = "olya", course: str = "algebra") -> list[tuple[int, str]]:
    lesson = cast.lesson(course)
    marks = Mark.objects.filter(lesson=lesson, pupil=cast.pupils[pupil]).order_by("position")
    return list(marks.values_list("position", "value"))


def test_a_mark_is_written_with_its_number_work_author_and_history(cast: Cast) -> None:
    answer = save(cast, "maria", [("olya", "5", 0), ("petya", "4/3", 0)])
    assert [(c.state, c.value) for c in answer.cells] == [("ok", "5"), ("ok", "4/3")]
    assert answer.saved_at == "12:30"
    assert {a.average for a in answer.averages} == {"5,00", "3,50"}
    mark = Mark.objects.get(pupil=cast.pupils["olya"])
    assert (mark.value, mark.score, mark.work.kind.letter, mark.set_by_id) == (
        "5", 5, "Р", cast.users["maria"].pk,
    )  # fmt: skip
    assert mark.rev == answer.cells[0].rev
    assert stands(cast, "petya") == [(1, "4"), (2, "3")]
    event = AuditEvent.objects.get(row_id=mark.pk)
    assert (event.action, event.after["value"]) == ("I", "5")


def test_the_revision_of_a_cell_is_the_sum_of_its_rows(cast: Cast) -> None:
    cell = one(cast, "maria", "о 4/5")
    rows = list(Mark.objects.values_list("rev", flat=True)) + list(
        Absence.objects.values_list("rev", flat=True)
    )
    assert len(rows) == 3
    assert cell.rev == sum(rows)


def test_a_cell_is_changed_added_to_and_cleared(cast: Cast) -> None:
    first = one(cast, "maria", "4")
    second = one(cast, "maria", "4/5", rev=first.rev)
    assert stands(cast) == [(1, "4"), (2, "5")]
    third = one(cast, "maria", "н", rev=second.rev)
    assert (stands(cast), third.value) == ([], "н")
    assert Absence.objects.get().code == "absent"
    fourth = one(cast, "maria", "", rev=third.rev)
    assert (fourth.state, fourth.rev, Absence.objects.count()) == ("ok", 0, 0)
    assert AuditEvent.objects.filter(table_name="journal_mark", action="D").count() == 2


def test_a_comment_stays_when_the_mark_changes(cast: Cast) -> None:
    cell = one(cast, "maria", "4")
    Mark.objects.update(comment="Решено два номера")
    one(cast, "maria", "5", rev=Mark.objects.get().rev)
    assert cell.rev
    assert Mark.objects.get().comment == "Решено два номера"


def test_a_stale_revision_is_a_conflict_that_shows_what_stands(cast: Cast) -> None:
    first = one(cast, "maria", "4")
    refused = one(cast, "maria", "2")
    assert (refused.state, refused.value, refused.rev) == ("conflict", "4", first.rev)
    assert (refused.author, refused.at) == ("Кузнецова М. П.", "12:30")
    assert stands(cast) == [(1, "4")]


def test_the_same_value_is_no_conflict_whatever_the_revision(cast: Cast) -> None:
    first = one(cast, "maria", "4")
    again = one(cast, "maria", "4")
    assert (again.state, again.rev) == ("ok", first.rev)
    assert AuditEvent.objects.filter(table_name="journal_mark").count() == 1


@pytest.mark.parametrize("value", ["7", "6", "5+", "пять", "4//5", "н/а", "б5б", "5 5", "x" * 300])
def test_a_mark_outside_the_scale_is_invalid(cast: Cast, value: str) -> None:
    cell = one(cast, "maria", value)
    assert cell.state == "invalid"
    assert "нет такой отметки" in cell.message
    assert stands(cast) == []


def test_a_cell_holds_no_more_marks_than_the_subject_allows(cast: Cast) -> None:
    cell = one(cast, "maria", "5/5/5")
    assert (cell.state, cell.message) == ("invalid", "Отметок в клетке не больше 2.")


def test_one_refused_cell_does_not_stop_the_others(cast: Cast) -> None:
    answer = save(cast, "maria", [("olya", "5", 0), ("petya", "9", 0), ("kolya", "5", 0)])
    assert [c.state for c in answer.cells] == ["ok", "invalid", "gone"]
    assert Mark.objects.count() == 1


def test_a_pupil_not_of_the_group_and_one_who_left_are_gone(cast: Cast) -> None:
    assert one(cast, "maria", "5", pupil="kolya").state == "gone"
    Membership.objects.filter(pupil=cast.pupils["olya"]).update(until=TODAY - timedelta(days=1))
    cell = one(cast, "maria", "5")
    assert (cell.state, cell.message) == ("gone", "Ученик не учился в этой группе в день урока.")


def test_a_lesson_of_another_course_or_school_is_gone(cast: Cast) -> None:
    for course in ("physics", "other_algebra"):
        cell = one(cast, "maria", "5", lesson=cast.lesson(course).pk)
        assert (cell.state, cell.value, cell.rev) == ("gone", "", 0)
    assert Mark.objects.count() == 0


def test_a_cancelled_lesson_is_locked(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    type(lesson).objects.filter(pk=lesson.pk).update(status=LessonStatus.CANCELLED)
    settle()
    assert (one(cast, "maria", "5").state, one(cast, "maria", "5").message) == (
        "locked", "Урок отменён: отметок в нём нет.",
    )  # fmt: skip


def test_a_coming_lesson_takes_neither_marks_nor_absences(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    for value in ("5", "н"):
        cell = one(cast, "maria", value, day=tomorrow)
        assert (cell.state, cell.message) == (
            "locked",
            "Урок ещё не прошёл: отметки ставят в день урока.",
        )


def test_the_window_for_entries_is_the_schools_setting_of_that_day(cast: Cast) -> None:
    early = TODAY - timedelta(days=15)
    cell = one(cast, "maria", "5", day=early)
    assert (cell.state, cell.message) == ("locked", "Запись закрыта: прошло больше 14 дней.")
    setting = Setting.objects.create(
        school=cast.school, key="edit_window_days", value=21, since=SEPTEMBER
    )
    assert one(cast, "maria", "5", day=early).state == "ok"
    # A stricter setting of today does not reach back: past lessons keep theirs.
    setting.until = TODAY - timedelta(days=1)
    setting.save()
    Setting.objects.create(school=cast.school, key="edit_window_days", value=1, since=TODAY)
    assert one(cast, "maria", "4", day=early, pupil="petya").state == "ok"


def test_a_signed_period_is_locked(cast: Cast) -> None:
    SignOff.objects.create(
        school=cast.school, course=cast.courses["algebra"], period=cast.quarter,
        signed_by=cast.users["maria"], signed_at=NOW,
    )  # fmt: skip
    cell = one(cast, "maria", "5")
    assert (cell.state, cell.message) == ("locked", "Период закрыт: отметку меняет только завуч.")


def test_a_closed_year_is_locked(cast: Cast) -> None:
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    assert one(cast, "maria", "5").message == "Учебный год закрыт, журнал только для чтения."


@pytest.mark.parametrize("who", ["nina", "head"])
def test_heads_read_and_may_not_write(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        one(cast, who, "5")


def test_a_substitute_fills_exactly_the_lessons_given(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["svetlana"]
    lesson.sitting.save()
    assert one(cast, "svetlana", "5").state == "ok"
    with pytest.raises(Forbidden):
        one(cast, "svetlana", "5", day=TODAY - timedelta(days=1))
    yesterday = cast.lesson("algebra", TODAY - timedelta(days=1)).pk
    user, olya = cast.user("svetlana"), cast.pupils["petya"].pk
    facts = queries.course_facts(user, cast.courses["algebra"].pk, today=TODAY)
    entries = [CellEntry(olya, lesson.pk, "4", 0), CellEntry(olya, yesterday, "4", 0)]
    answer = actions.save_cells(by=user, course=facts, op=uuid4(), entries=entries, now=NOW)
    assert [c.state for c in answer.cells] == ["ok", "forbidden"]


def test_the_class_teacher_notes_attendance_of_the_class_and_no_marks(cast: Cast) -> None:
    assert one(cast, "ivan", "б").state == "ok"
    assert one(cast, "ivan", "5", pupil="petya").state == "forbidden"
    assert Absence.objects.get().code == "ill"


def test_the_reason_of_an_absence_is_the_class_teachers(cast: Cast) -> None:
    refused = one(cast, "maria", "б")
    assert (refused.state, refused.message) == (
        "forbidden", "Причину пропуска (б, у) ставит классный руководитель.",
    )  # fmt: skip
    absent = one(cast, "maria", "н")
    ill = one(cast, "ivan", "б", rev=absent.rev)
    assert ill.state == "ok"
    assert one(cast, "maria", "н", rev=ill.rev).state == "forbidden"
    assert one(cast, "maria", "б 5", rev=ill.rev).value == "б 5"


def test_a_teacher_who_leads_the_class_may_do_both(cast: Cast) -> None:
    assert one(cast, "ivan", "у", course="physics").state == "ok"
    assert one(cast, "ivan", "5", course="physics", pupil="petya").state == "ok"


def test_a_former_teacher_sees_her_old_lessons_and_may_not_write_into_others(cast: Cast) -> None:
    cast.courses["algebra"].teachers.update(until=TODAY - timedelta(days=1))
    sitting = cast.lesson("algebra").sitting
    sitting.teacher = cast.people["svetlana"]
    sitting.save()
    with pytest.raises(Forbidden):
        one(cast, "maria", "5")


def test_the_same_operation_gets_its_first_answer_and_writes_once(cast: Cast) -> None:
    op = uuid4()
    first = save(cast, "maria", [("olya", "5", 0), ("petya", "9", 0)], op=op)
    again = save(cast, "maria", [("olya", "5", 0), ("petya", "9", 0)], op=op)
    assert again == first
    assert (Mark.objects.count(), Operation.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(table_name="journal_mark").count() == 1


def test_a_known_operation_with_another_content_or_user_is_refused(cast: Cast) -> None:
    op = uuid4()
    save(cast, "maria", [("olya", "5", 0)], op=op)
    with pytest.raises(OperationReused):
        save(cast, "maria", [("olya", "4", 0)], op=op)
    with pytest.raises(OtherUser):
        save(cast, "ivan", [("olya", "н", 0)], op=op, course="physics")


def test_the_work_of_a_lesson_is_made_with_its_first_mark_only(cast: Cast) -> None:
    one(cast, "maria", "н")
    assert Work.objects.count() == 0
    save(cast, "maria", [("petya", "5", 0), ("timur", "4", 0)])
    assert list(Work.objects.values_list("number", "weight", "counts")) == [(1, 1, True)]


def test_the_second_mark_goes_to_the_second_work_if_there_is_one(cast: Cast) -> None:
    one(cast, "maria", "5")
    first = Work.objects.get()
    second = Work.objects.create(
        school=cast.school,
        lesson=first.lesson,
        kind=first.kind,
        number=2,
        weight=2,
        title="Диктант",
    )
    one(cast, "maria", "4/3", pupil="petya")
    works = (
        Mark.objects.filter(pupil=cast.pupils["petya"])
        .order_by("position")
        .values_list("work", flat=True)
    )
    assert list(works) == [first.pk, second.pk]


def test_a_course_without_marks_takes_attendance_only(cast: Cast) -> None:
    cast.courses["algebra"].scale_code = "none"
    cast.courses["algebra"].save()
    assert one(cast, "maria", "5").state == "invalid"
    assert one(cast, "maria", "н").state == "ok"


def test_the_database_itself_refuses_a_mark_outside_the_scale(cast: Cast) -> None:
    one(cast, "maria", "5")
    settle()
    update = "UPDATE journal_mark SET value = '9' WHERE year = %s"
    with (
        pytest.raises(IntegrityError, match="not a mark of this scale"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(update, [YEAR])


def post(client: Any, cast: Cast, body: Any) -> Any:
    return client.post(
        f"/journal/{cast.courses['algebra'].pk}/cells",
        body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


def test_the_page_saves_and_answers_in_the_grids_words(client_of: Any, cast: Cast) -> None:
    cell = {
        "pupil": str(cast.pupils["olya"].pk),
        "lesson": str(cast.lesson("algebra").pk),
        "value": "5",
        "rev": 0,
    }
    body = {"op": str(uuid4()), "cells": [cell], "user": str(cast.users["maria"].pk)}
    answer = post(client_of("maria"), cast, body)
    assert answer.status_code == 200
    saved = answer.json()
    assert (saved["op"], saved["cells"][0]["state"]) == (body["op"], "ok")
    assert saved["averages"] == {cell["pupil"]: {"average": "5,00", "weighted": "5,00"}}
    assert post(client_of("maria"), cast, body).json() == saved


@pytest.mark.parametrize(
    ("who", "status"),
    [("nina", 403), ("stranger", 404), ("olya_mother", 404), ("svetlana", 404), ("admin", 404)],
)
def test_readers_get_403_and_strangers_404(
    client_of: Any, cast: Cast, who: str, status: int
) -> None:
    cell = {
        "pupil": str(cast.pupils["olya"].pk),
        "lesson": str(cast.lesson("algebra").pk),
        "value": "5",
        "rev": 0,
    }
    answer = post(client_of(who), cast, {"op": str(uuid4()), "cells": [cell]})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"op": 1, "cells": []}',
        '{"op": "x", "cells": [{}]}',
        "\x00",
        '{"cells": {}, "op": null}',
    ],
)
def test_a_broken_request_is_refused_with_a_sentence(client_of: Any, cast: Cast, body: str) -> None:
    answer = post(client_of("maria"), cast, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_another_users_outbox_is_never_taken(client_of: Any, cast: Cast) -> None:
    answer = post(
        client_of("maria"),
        cast,
        {"op": str(uuid4()), "cells": [], "user": str(cast.users["ivan"].pk)},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "other_user")


def test_one_cell_twice_or_too_many_cells_are_refused(client_of: Any, cast: Cast) -> None:
    cell = {"pupil": str(cast.pupils["olya"].pk), "lesson": str(uuid4()), "value": "5", "rev": 0}
    assert (
        post(client_of("maria"), cast, {"op": str(uuid4()), "cells": [cell, cell]}).status_code
        == 422
    )
    many = [{**cell, "lesson": str(uuid4())} for _ in range(201)]
    assert post(client_of("maria"), cast, {"op": str(uuid4()), "cells": many}).status_code == 422
