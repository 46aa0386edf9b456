"""One-time codes of the first entry: digits, because phones and two alphabets mix up letters."""

import re
import secrets

from django.utils.crypto import salted_hmac

DIGITS = 12
# Of one code in its life, from all addresses. One address makes 5 tries in 15 minutes (access/tries.py),
# 14 400 in 30 days: neither one stranger nor two can use a newcomer's slip up.
MAX_FAILURES = 30_000
LIVES_DAYS = 30


def new_code() -> str:
    """Return a code as it is printed: 12 digits in three groups."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return "-".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def digest_of(code: str) -> str:
    """Return what the database keeps of a code, however it was typed."""
    return salted_hmac("access.entry", re.sub(r"\D", "", code), algorithm="sha256").hexdigest()
