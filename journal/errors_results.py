"""What the pages of years refuse."""

from collections.abc import Sequence

from common.errors import Refusal


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
