"""A full week of an invented pupil, without a database: what the paper must cope with."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid5

from diary.pages import (
    AbsenceView,
    AcknowledgementState,
    Day,
    LessonView,
    MarkView,
    PupilHead,
    Task,
    Week,
)
from tests.cast import MONDAY, SCHOOL_ID

SUBJECTS = ("Алгебра", "Русский язык", "История России", "Физика", "Английский язык", "Физическая культура",
            "Основы безопасности и защиты Родины")  # fmt: skip
TOPICS = ("Квадратные уравнения, дискриминант", "Причастный оборот и знаки препинания при нём", "Россия при Петре I",
          "Сила трения", "Present Perfect Continuous", "Лыжная подготовка", "Первая помощь при ожогах")  # fmt: skip
TASKS = ("№ 412 (а, б), 415, повторить формулы", "§ 18, упр. 213 по образцу", "§ 9, вопросы 1–4 письменно", "§ 21",
         "Workbook p. 34 ex. 2–3", "", "Конспект «Виды ожогов»")  # fmt: skip


def lesson(day: date, number: int, pupil: int) -> LessonView:
    key = uuid5(SCHOOL_ID, f"{day} {number}")
    subject, topic, text = (row[number - 1] for row in (SUBJECTS, TOPICS, TASKS))
    at = datetime.combine(day, time(10), tzinfo=UTC)
    task = Task(key, key, subject, text, day - timedelta(days=2), day)
    has_mark = (pupil + number + day.day) % 3 == 0
    comment = "Хорошо объяснил решение у доски" if (pupil + number + day.day) % 9 == 0 else ""
    mark = MarkView(
        key=f"{key}:1", value=str(3 + (pupil + number) % 3), score=Decimal(4), work="контрольная работа" if number == 1 else "ответ на уроке",
        work_title="", weight=Decimal(2 if number == 1 else 1), counts=True, comment=comment, set_at=at,
        lesson_id=key, day=day, subject=subject, topic=topic,
    )  # fmt: skip
    missed = (pupil + number * day.day) % 17 == 0
    return LessonView(
        lesson_id=key, course_id=key, day=day, number=number, starts=time(8 + number, 30), ends=time(9 + number, 10),
        subject=subject, teacher="Орлова Т. В.", room="каб. 12", topic=topic, homework=(task,) if text else (),
        marks=(mark,) if has_mark else (),
        absence=AbsenceView("ill", "", key, day, number, subject, at) if missed else None,
    )  # fmt: skip


def week(pupil: int = 1, lessons: int = 7, days: int = 6) -> Week:
    head = PupilHead(
        pupil_id=uuid5(SCHOOL_ID, f"pupil {pupil}"), school_id=SCHOOL_ID,
        school_name="Муниципальное общеобразовательное учреждение «Средняя школа № 1»",
        time_zone="Europe/Moscow", last_name=f"Гончаренко-{pupil}", first_name="Александра",
        middle_name="Константиновна", class_name="7А", grade_level=7,
    )  # fmt: skip
    return Week(
        pupil=head, monday=MONDAY, now=datetime(2026, 11, 20, 15, tzinfo=UTC),
        days=tuple(
            Day(day=(at := MONDAY + timedelta(days=n)), lessons=tuple(lesson(at, k, pupil) for k in range(1, lessons + 1)))
            for n in range(days)
        ),
        version="0" * 64, seen={}, acknowledgement=AcknowledgementState("timetable", MONDAY, "0" * 64),
    )  # fmt: skip
