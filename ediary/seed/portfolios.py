"""Achievements of pupils in every state; of the cast's pupil enough to print."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from diary.models import Achievement
from ediary.seed import terms
from ediary.seed.world import Kid, Site


class Model(NamedTuple):
    kind: str
    level: str
    title: str
    outcome: str


MODELS = (
    Model("olympiad", "municipal", "Муниципальный этап олимпиады школьников, математика", "призёр"),
    Model("olympiad", "school", "Школьный этап олимпиады школьников, русский язык", "победитель"),
    Model("project", "school", "Проект «Птицы нашего парка»", "I место на защите проектов"),
    Model("sport", "municipal", "Кросс «Золотая осень», 1000 метров", "III место"),
    Model("sport", "regional", "Первенство области по плаванию", "участник"),
    Model("art", "municipal", "Конкурс чтецов «Живая классика»", "лауреат II степени"),
    Model("course", "national", "Курс «Основы программирования на Python», 72 часа", "сертификат"),
    Model("volunteering", "municipal", "Помощь приюту для животных", "12 часов"),
    Model("art", "school", "Выставка рисунков ко Дню учителя", ""),
)
OF_CAST = 7  # achievements of the cast's pupil
SHARE = 0.22  # of the others who have one or two
REMARK = "Приложите, пожалуйста, копию диплома."
AUDIENCES = ("class", "teachers", "school", "school")


def fill(site: Site) -> None:
    rng = Random(f"{site.spec.code}-portfolios")  # noqa: S311 - not a secret
    olga = site.cast.get("Ольга")
    for kid in site.kids:
        if kid is olga:
            for number in range(OF_CAST):
                _add(site, rng, kid, MODELS[number], number)
        elif rng.random() < SHARE:
            for _ in range(rng.randrange(1, 3)):
                _add(site, rng, kid, rng.choice(MODELS), rng.randrange(9))


def _add(site: Site, rng: Random, kid: Kid, model: Model, number: int) -> None:
    """Add one: the last of a pupil's wait, some are declined with a remark, the rest are confirmed."""
    leader, by = (kid.form.teacher.user_id if kid.form else None), _who(kid)
    if by is None or leader is None:
        return
    day = max(terms.STARTS, site.now.today - timedelta(days=3 + number * 7))
    added = terms.local(day + timedelta(days=1), terms.clock(19, rng.randrange(60)))
    if added >= site.now.at:
        return
    state = "waiting" if number == 0 else "declined" if number == 4 else "confirmed"
    site.add(
        Achievement, pupil_id=kid.id, kind=model.kind, level=model.level, title=model.title, outcome=model.outcome,
        day=day, audience=AUDIENCES[number % len(AUDIENCES)], added_by_id=by, added_at=added, state=state,
        remark=REMARK if state == "declined" else "", **_checked(leader, added, state),
    )  # fmt: skip


def _who(kid: Kid) -> object:
    """A guardian adds; without an account of hers the pupil does."""
    adults = kid.family.adults if kid.family else []
    return next((adult.user_id for adult in adults if adult.user_id), kid.user_id)


def _checked(leader: object, added: datetime, state: str) -> dict[str, object]:
    if state == "waiting":
        return {}
    return {"checked_by_id": leader, "checked_at": added + timedelta(hours=15)}
