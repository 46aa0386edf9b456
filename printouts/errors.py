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


class JobOver(Refusal):
    """What is asked of a job came too late."""

    code = "job_over"
    message = "Задание уже завершено."


class JobStopped(Exception):
    """Somebody cancelled the job while it was being made: not a refusal, it ends the worker's loop."""
