"""Telephone numbers of any country in one way of writing (E.164)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

COUNTRY = "RU"  # of numbers written without the plus
WRITTEN = re.compile(r"[\d\s()+.\-\u2010-\u2015]+")  # no letters: neither words nor an extension


def e164(text: str) -> str:
    """Return «+79210000001» for «8 (921) 000-00-01». Raises ValueError for what cannot be dialled."""
    if not WRITTEN.fullmatch(text):
        raise ValueError(text)
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException as error:
        raise ValueError(text) from error
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise ValueError(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """Return «+7 921 000-00-01» for «+79210000001»."""
    if found := re.fullmatch(r"\+7(\d{3})(\d{3})(\d\d)(\d\d)", number):
        return "+7 {} {}-{}-{}".format(*found.groups())
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
