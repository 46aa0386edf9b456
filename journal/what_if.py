"""«Что если получить 5?»: the forecast's own arithmetic with marks that nobody has given. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from journal import forecast
from journal.forecast import Forecast, Rest, Rule, Sums

MOST = 9  # marks of one value that may be tried


@dataclass(frozen=True, slots=True)
class Basis:
    """What a pupil's forecast of a period rests on."""

    known: Sums
    rest: Rest
    rule: Rule
    peers: float | None = None
    past: tuple[Sums, ...] = ()

    def forecast(self) -> Forecast | None:
        return forecast.of_period(
            self.known, self.rest, self.rule, peers=self.peers, past=self.past
        )

    def with_marks(self, tried: Mapping[str, int], *, weight: int = 100) -> "Basis":
        """Return the basis as if the marks stood: by value how many, each of `weight` hundredths.

        Each mark takes one of the lessons left, those without a planned work first. A value that the
        scale does not have is no mark.
        """
        known, count = self.known, 0
        heavy = weight if self.rule.weighted else 100
        for value, number in tried.items():
            score = self.rule.scores.get(value)
            taken = min(max(number, 0), MOST)
            if score is None or not taken:
                continue
            count += taken
            known += Sums(taken, score * heavy * taken, heavy * taken, heavy * heavy * taken)
        left = max(0, self.rest.lessons - count)
        rest = replace(
            self.rest, lessons=left, held=self.rest.held + count, works=self.rest.works[:left]
        )
        return replace(self, known=known, rest=rest)
