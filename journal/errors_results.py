"""What the pages of years refuse."""

from collections.abc import Sequence

from common.errors import Invalid, Refusal, Stale


class DebtsOpen(Refusal):
    """Who has an academic debt is promoted on a condition only (273-ФЗ ст. 58)."""

    code = "debts_open"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Есть академическая задолженность: {', '.join(names)}. Переводят условно.",
            names=list(names),
        )


class NotInClass(Refusal):
    code = "not_in_class"
    status = 404
    message = "Ученик не учился в этом классе."


class ExamRefused(Invalid):
    """A line of the exam's list cannot be accepted."""

    code = "exam_refused"


class ExamChanged(Stale):
    code = "exam_changed"
    message = (
        "Ничего не записано: пока вы работали, результаты изменили. Рядом с вашими — те, что записаны. "
        "Сверьте и запишите снова."
    )


class CouncilChanged(Stale):
    """Another wrote other decisions about the named pupils since the form was opened."""

    code = "council_changed"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Ничего не записано: пока вы работали, решение изменили ({', '.join(names)}). "
            "В столбце «Записано» — новое. Сверьте и запишите снова.",
            names=list(names),
        )


class ResultReasonRequired(Invalid):
    code = "result_reason_required"
    message = "Результат уже открыт семье или отличается от правила. Укажите причину."


class DebtSettled(Refusal):
    code = "debt_settled"
    message = "Задолженность уже ликвидирована."


class AttemptRefused(Refusal):
    code = "attempt_refused"
