"""What printing refuses."""

from common.errors import Refusal


class WeekAhead(Refusal):
    """A week that has not begun has nothing to print."""

    code = "week_ahead"
    status = 422
    message = "Эта неделя ещё не началась: печатать нечего."


class NobodyToPrintFor(Refusal):
    """The choice holds no pupil."""

    code = "nobody_to_print_for"
    status = 422
    message = "В этом классе никто не получает сведения на бумаге. Выберите «всему классу», если выписки нужны."


class NoLessonsThatDay(Refusal):
    code = "no_lessons_that_day"
    message = "В этот день у вас нет уроков: печатать нечего."


class NobodyToSign(Refusal):
    """Nobody in the class is left to be given the form."""

    code = "nobody_to_sign"
    status = 422
    message = "В этом классе этот бланк дать некому: решение каждого представителя уже записано."


class SignsNothing(Refusal):
    """A form for somebody who may not sign it."""

    code = "signs_nothing"
    message = "Бланк не напечатан: представительство прекращено, ограничено судом, или ученик решает уже сам."


class WordingOver(Refusal):
    """A form of a wording that nobody signs any more."""

    code = "wording_over"
    message = "Эта редакция согласия больше не действует: напечатайте бланк действующей."


class JobOver(Refusal):
    """What is asked of a job came too late."""

    code = "job_over"
    message = "Задание уже завершено."


class JobStopped(Exception):
    """Somebody cancelled the job while it was being made: not a refusal, it ends the worker's loop."""
