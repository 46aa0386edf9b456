"""What a benchmark found, as one JSON line."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Without a budget it only informs; `least` turns the budget around."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    floor: float | None = None
    least: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def ok(self) -> bool:
        if self.budget is None:
            return True
        return self.value >= self.budget if self.least else self.value <= self.budget

    def line(self) -> str:
        told = {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "floor": rounded(self.floor),
            "ratio": rounded(self.ratio),
            "budget": self.budget,
            "ok": self.ok,
        }
        return json.dumps(told, ensure_ascii=False)


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
