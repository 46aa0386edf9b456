"""The code that proves a contact: six digits, reckoned from the row's id and the key of the installation.

The database keeps nothing of it: neither the row nor the message that waits in the outbox.
"""

import re
from datetime import timedelta
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 6
LIVES = timedelta(minutes=15)
PAUSE = timedelta(minutes=1)  # between two letters to one contact
TRIES = 5
A_DAY = 10  # codes of one person, whatever the contact: nobody floods a stranger's mailbox


def code_of(code_id: UUID) -> str:
    """Return the digits as they are sent."""
    digest = salted_hmac("consent.contact-code", str(code_id), algorithm="sha256").digest()
    return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"


def is_code(code_id: UUID, typed: str) -> bool:
    """Compare with what was typed, with or without spaces."""
    return constant_time_compare(code_of(code_id), re.sub(r"[\s-]", "", typed))
