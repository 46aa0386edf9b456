"""What the pages of years refuse."""

from collections.abc import Sequence

from common.errors import Invalid, Refusal


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


class ResultReasonRequired(Invalid):
    code = "result_reason_required"
    message = "Результат уже открыт семье или отличается от правила. Укажите причину."


class DebtSettled(Refusal):
    code = "debt_settled"
    message = "Задолженность уже ликвидирована."


class AttemptRefused(Refusal):
    code = "attempt_refused"
