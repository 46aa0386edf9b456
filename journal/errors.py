"""What the journal refuses: a sentence for the user, a code for machines, a state for the grid."""

from collections.abc import Sequence
from typing import Literal

from common.errors import Forbidden, Invalid, Refusal, Stale
from journal.sheet import AnswerState, SaveAnswer
from journal.testplan import Breach


class CellRefusal(Refusal):
    """One cell cannot be written; `state` is the grid's word, `short` the reason in a few words."""

    state: AnswerState = "locked"
    short = ""


class LessonGone(CellRefusal):
    code = "lesson_gone"
    status = 404
    state: AnswerState = "gone"
    message = "Этого урока больше нет в журнале."


class NotOnRoster(CellRefusal):
    code = "not_on_roster"
    state: AnswerState = "gone"
    message = "Ученик не учился в этой группе в день урока."


class OutsideScale(CellRefusal):
    code = "outside_scale"
    status = 422
    state: AnswerState = "invalid"

    def __init__(self, value: str) -> None:
        # What no keyboard types could not be written into the answer.
        shown = "".join(
            sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value
        )
        super().__init__(f"«{shown}» — нет такой отметки.")


class TooManyMarks(CellRefusal):
    code = "too_many_marks"
    status = 422
    state: AnswerState = "invalid"

    def __init__(self, most: int) -> None:
        super().__init__(
            "В клетке может стоять одна отметка."
            if most == 1
            else f"Отметок в клетке не больше {most}."
        )


class LessonLocked(CellRefusal):
    """The window for entries, counted from the lesson's date, has passed."""

    code = "lesson_locked"

    def __init__(self, days: int) -> None:
        word = "дня" if days % 10 == 1 and days % 100 != 11 else "дней"
        self.short = f"прошло больше {days} {word}"
        super().__init__(f"Запись закрыта: {self.short}.")


class PeriodSigned(CellRefusal):
    code = "period_signed"
    short = "период закрыт"
    message = "Период закрыт: отметку меняет только завуч."


class YearClosed(CellRefusal):
    code = "year_closed"
    short = "учебный год закрыт"
    message = "Учебный год закрыт, журнал только для чтения."


class LessonCancelled(CellRefusal):
    code = "lesson_cancelled"
    short = "урок отменён"
    message = "Урок отменён: отметок в нём нет."


class LessonAhead(CellRefusal):
    code = "lesson_ahead"
    short = "урок ещё не прошёл"
    message = "Урок ещё не прошёл: отметки ставят в день урока."


class StaleCell(CellRefusal, Stale):
    code = "stale_cell"
    state: AnswerState = "conflict"
    message = "Клетку изменили, пока вы работали."


class ReasonWanted(CellRefusal):
    """A mark that has stood for some days is changed with a reason only."""

    code = "reason_wanted"
    status = 422
    state: AnswerState = "reason"

    def __init__(self, days: int) -> None:
        word = "дня" if days % 10 == 1 and days % 100 != 11 else "дней"
        super().__init__(f"Отметка стоит больше {days} {word}: укажите, почему она меняется.")


class NotYourLesson(CellRefusal, Forbidden):
    code = "not_your_lesson"
    status = 403
    state: AnswerState = "forbidden"
    short = "урок ведёт другой учитель"
    message = "Этот урок ведёт другой учитель."


class OnlyAttendance(CellRefusal, Forbidden):
    code = "only_attendance"
    status = 403
    state: AnswerState = "forbidden"
    message = "Отметки ставит учитель предмета."


class WrongReasonRole(CellRefusal, Forbidden):
    code = "wrong_reason_role"
    status = 403
    state: AnswerState = "forbidden"
    message = "Причину пропуска (б, у) ставит классный руководитель."


class OperationReused(Refusal):
    code = "operation_reused"
    message = "Эта запись уже отправлена с другим содержимым. Обновите страницу и повторите."


class OtherUser(Forbidden):
    code = "other_user"
    message = "Эти записи сделал другой пользователь. Войдите под его именем, чтобы их отправить."


class ListRefused(Invalid):
    """Cells of a lesson's list cannot be written; `answer` says of each why, or of its comment."""

    code = "list_refused"
    message = "Ничего не записано: исправьте отмеченное."

    def __init__(self, answer: SaveAnswer, *, about: Literal["value", "comment"] = "value") -> None:
        super().__init__()
        self.answer = answer
        self.about = about


class NothingToComment(Invalid):
    code = "nothing_to_comment"
    message = "Комментарий оставляют к отметке, а в клетке её нет."


class ResultsMissing(Refusal):
    """Every pupil gets a final mark, «н/а», «осв» or a deferral before the period is signed off."""

    code = "results_missing"

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"Не у всех есть отметка за период: {', '.join(names)}.", names=names)


class ReasonRequired(Invalid):
    code = "reason_required"
    message = "Период закрыт. Укажите, почему отметка меняется."


class AlreadySigned(Refusal):
    code = "already_signed"
    message = "Период уже закрыт."


class NotSigned(Refusal):
    code = "not_signed"
    message = "Итоги ещё не подписаны учителем."


class TooEarlyToFill(Refusal):
    """Results stand after the last lesson of the period; filling them all begins two weeks before its end."""

    code = "too_early_to_fill"

    def __init__(self, since: str) -> None:
        super().__init__(f"Заполнить сразу всех можно с {since}: до конца периода ещё далеко.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    message = "Заполнение уже отменено или сделано не вами."


class BrokenDeferral(Invalid):
    """The new date or the ground of a deferral cannot be accepted; `details["field"]` names which."""

    code = "broken_deferral"


class RecordChanged(Stale):
    """Fields of a lesson that the user and somebody else changed; `names` are those of Record."""

    code = "record_changed"
    message = "Ничего не записано: пока вы работали, урок изменили. Проверьте отмеченное."

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=list(names))
        self.names = tuple(names)


class CriteriaChanged(Stale):
    """Somebody else changed a criterion or its points since the form was opened."""

    code = "criteria_changed"
    message = "Критерии или баллы изменили, пока вы работали. Проверьте и запишите снова."


class BrokenRecord(Invalid):
    """A field of the lesson's form cannot be accepted; `details["field"]` names it."""

    code = "broken_record"


class HomeworkAnswered(Refusal):
    code = "homework_answered"
    message = "На это задание уже прислали ответы: его можно изменить, но не убрать."


class HomeworkChanged(Stale):
    code = "homework_changed"
    message = (
        "Ничего не записано: пока вы работали, задание изменили. Проверьте его и запишите снова."
    )


class HomeworkOfAllTwice(Refusal):
    code = "homework_of_all_twice"
    message = "Задание для всей группы у этого урока уже есть: измените его."


class AnswerNotWanted(Refusal):
    code = "answer_not_wanted"
    message = "Учитель не ждёт ответа на это задание."


class RemarkClosed(Refusal):
    code = "remark_closed"
    message = "Замечание уже снято."


class BadSetting(Invalid):
    """A setting of the school cannot be accepted; `details["field"]` names the field of the form."""

    code = "bad_setting"


class SettingChanged(Stale):
    code = "setting_changed"
    message = "Пока вы работали, настройку изменили. Ниже ваши значения: сверьте их с действующими и сохраните снова."


class PlanRefused(Refusal):
    """A work may not stand on the lesson; `breaches` say why, and whether a reason would overrule it."""

    code = "plan_refused"

    def __init__(self, breaches: Sequence[Breach]) -> None:
        super().__init__(" ".join(one.message for one in breaches))
        self.breaches = tuple(breaches)

    @property
    def may_overrule(self) -> bool:
        return all(one.severity == "warn" for one in self.breaches)


class WorkMarked(Refusal):
    code = "work_marked"
    message = "За эту работу уже поставлены отметки или баллы: она остаётся на своём уроке."


class NothingToReopen(Refusal):
    code = "nothing_to_reopen"
    message = "Урок открыт: просить правку не нужно."


class AlreadyAsked(Refusal):
    code = "already_asked"
    message = "Правку этого урока вы уже запросили, завуч ещё не ответил."


class AlreadyDecided(Refusal):
    code = "already_decided"
    message = "По этому запросу уже решено."


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = "Укажите причину."


class BadMoment(Invalid):
    code = "bad_moment"
    message = "Срок открытия — от этой минуты до 60 дней вперёд."


class CannotRollBack(Refusal):
    code = "cannot_roll_back"
    message = "Эту запись нельзя откатить."


class NothingOwed(Refusal):
    code = "nothing_owed"
    message = "Долга в этой клетке уже нет."


class BadMorning(Invalid):
    """The form of the class's day cannot be accepted; `details["field"]` may name the field."""

    code = "bad_morning"


class BadNote(Invalid):
    """A note that explains absences cannot be accepted; `details["field"]` names the field."""

    code = "bad_note"
