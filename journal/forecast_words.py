"""A forecast in Russian words: it tells the data that speak and promises nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from common.templatetags.words import NBSP, count_ru, plural_ru
from journal.forecast import Chance, Forecast, Needed, Why

NOTES = {
    "5": "пятёрка,пятёрки,пятёрок",
    "4": "четвёрка,четвёрки,четвёрок",
    "3": "тройка,тройки,троек",
}
RISK = 0.2  # a chance of the lowest mark that people are told of
FEW_MARKS, NO_MARKS, SET = "мало отметок", "отметок нет", "выставлено"
SHORT_NOTES = {FEW_MARKS: "мало", NO_MARKS: "нет", SET: "итог"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of one forecast. Without a value there is nothing to name yet."""

    value: str = ""  # «4»: the likeliest mark
    chance: str = ""  # «около 75 %»
    note: str = ""  # «мало отметок», «выставлено», «по шкале»
    average: str = ""  # «3,93»
    same: str = ""  # «Если ничего не изменится — «4»; решает учитель.»
    needed: str = ""  # «до «5» — 3 пятёрки подряд»
    risk: str = ""  # «2» — около 25 %
    reasons: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """For a narrow cell: «75 %», «мало», «итог»."""
        return self.chance.removeprefix(f"около{NBSP}") or SHORT_NOTES.get(self.note, self.note)


NOTHING_TOLD = Told(note=NO_MARKS)


def tell(forecast: Forecast | None, *, settled: str = "") -> Told:
    """Put a forecast into words; a result that already stands in the journal comes before it."""
    if settled:
        return Told(value=settled, note=SET, average=_average(forecast))
    if forecast is None:
        return NOTHING_TOLD
    top, why = forecast.likeliest, forecast.why
    if forecast.is_settled:
        return Told(
            value=" или ".join(why.now),
            note="по среднему",
            average=_average(forecast),
            same=f"Отметок больше не будет: по среднему — {_either(why.now)}; решает учитель.",
            reasons=tuple(_reasons(forecast)),
        )
    few = forecast.has_few_marks
    scanty = FEW_MARKS if why.count else NO_MARKS
    return Told(
        value="" if few else top.value,
        chance="" if few else about(top.probability),
        note=scanty if few else "",
        average=_average(forecast),
        same=f"Если ничего не изменится — {_either(why.now)}; решает учитель." if why.now else "",
        needed=needed_words(forecast.needed, why),
        risk="" if few else _risk(forecast),
        reasons=tuple(_reasons(forecast)),
    )


def about(probability: float) -> str:
    """Say a chance in steps of five: a finer number would promise what nobody knows."""
    step = round(probability * 20) * 5
    word = "больше 95 %" if step == 100 else f"около {step} %" if step else "меньше 5 %"
    return word.replace(" ", NBSP)


def needed_words(needed: Needed | None, why: Why) -> str:
    """Say how many marks in a row lead to the next one, and whether there are lessons for them."""
    if needed is None:
        return ""
    if needed.by in NOTES:
        marks = count_ru(needed.count, NOTES[needed.by])
    else:
        marks = f"{count_ru(needed.count, 'отметка,отметки,отметок')} «{needed.by}»"
    row = " подряд" if needed.count > 1 else ""
    if needed.fits:
        return f"до «{needed.value}» — ещё {marks}{row}"
    left = count_ru(why.lessons_left, "урок,урока,уроков")
    return f"до «{needed.value}» уроков не хватит: нужно {marks}{row}, впереди {left}"


def _average(forecast: Forecast | None) -> str:
    return _comma(forecast.why.average) if forecast and forecast.why.average is not None else ""


def _comma(hundredths: int) -> str:
    return f"{hundredths // 100},{hundredths % 100:02}"


def _either(values: tuple[str, ...]) -> str:
    return " или ".join(f"«{value}»" for value in values)


def _risk(forecast: Forecast) -> str:
    """Name the lowest mark if it threatens and is not the likeliest already."""
    lowest: Chance = forecast.chances[-1]
    if lowest.probability < RISK or lowest.value == forecast.likeliest.value:
        return ""
    return f"«{lowest.value}» — {about(lowest.probability)}"


def _reasons(forecast: Forecast) -> Iterator[str]:
    why = forecast.why
    if why.average is not None:
        yield _standing(why)
    yield _rule(why)
    if why.past:
        before = ", ".join(_comma(average) for average in why.past)
        yield f"В прошлых периодах средний балл: {before}."
    if why.share_left:
        yield _ahead(why)
    if why.share_left and (why.past or not forecast.has_few_marks):
        yield f"С вероятностью не меньше 80{NBSP}%: {_either(_likely(forecast))}."
    if why.owed:
        yield f"Не сдано: {count_ru(why.owed, 'работа,работы,работ')}, отметка за это тоже войдёт."
    if why.marks_missing:
        yield f"До наименьшего числа отметок не хватает: {why.marks_missing}."


def _standing(why: Why) -> str:
    if why.periods_left:
        return f"Средний балл отметок за периоды: {_comma(why.average or 0)}."
    marks = count_ru(why.count, "отметка,отметки,отметок")
    weighed = ", с весом работ" if why.weighted else ""
    return f"Средний балл сейчас {_comma(why.average or 0)}: {marks}{weighed}."


def _rule(why: Why) -> str:
    now = f" — это {_either(why.now)}" if why.now else ""
    if why.by_school_rule:
        return f"По шкале школы{now}."
    if why.periods_left:
        return f"По обычному округлению{now}."
    return f"По обычному округлению{now}: своей шкалы с локальным актом школа не ввела."


def _ahead(why: Why) -> str:
    share = f"на них придётся около {round(why.share_left * 20) * 5}{NBSP}% итогового балла"
    if why.periods_left:
        what = count_ru(why.periods_left, "период,периода,периодов")
        return f"Впереди {what}: {share}."
    what = count_ru(why.lessons_left, "урок,урока,уроков")
    if why.works_left:
        works = plural_ru(why.works_left, "контрольная,контрольные,контрольных")
        what += f", из них {why.works_left} {works}"
    return f"Впереди {what}: {share}."


def _likely(forecast: Forecast) -> tuple[str, ...]:
    """Return the marks of the 80 % statement in the order of the scale."""
    held = {chance.value for chance in forecast.likely()}
    return tuple(one.value for one in forecast.chances if one.value in held)
