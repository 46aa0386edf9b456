"""Wordings for the tests: a whole one, and one in force in the cast's school."""

from dataclasses import replace
from datetime import date

from consent.enums import PurposeCode
from consent.models import ConsentText, Purpose
from consent.samples import sample
from consent.wording import Wording
from tests.cast import SEPTEMBER, Cast

OPERATOR = "МОУ «Средняя школа № 1»"
ADDRESS = "г. Зареченск, ул. Школьная, д. 5"


def words(code: PurposeCode = PurposeCode.SMS, **changed: str) -> Wording:
    filled = replace(sample(code), operator_name=OPERATOR, operator_address=ADDRESS)
    return replace(filled, **changed)


def text_of(
    cast: Cast,
    code: PurposeCode = PurposeCode.SMS,
    *,
    number: int = 1,
    since: date = SEPTEMBER,
    school: str = "school",
    **changed: str,
) -> ConsentText:
    """A version of the purpose's text in a school of the cast."""
    owner = getattr(cast, school)
    purpose, _ = Purpose.objects.get_or_create(
        school=owner, code=code, defaults={"name": code.label}
    )
    said = words(code, **changed)
    fields = {name: getattr(said, name) for name in said.__slots__}
    return ConsentText.objects.create(
        school=owner, purpose=purpose, number=number, since=since, **fields
    )
