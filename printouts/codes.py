"""Codes of printed documents, and their QR."""

import secrets

import segno
from django.utils.safestring import SafeString

# Crockford's base32: no I, L, O, U, which read as 1, 0 or V.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # 60 bits: nobody finds one by trying
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """Return the code that a person meant: case, hyphens and look-alikes do not matter."""
    return typed.strip().upper().translate(_READ_AS)


def qr_svg(address: str, *, title: str) -> SafeString:
    """Return an SVG for a page; without the quiet zone of four modules no reader sees it."""
    code = segno.make(address, error="m", micro=False)
    # segno escapes the title itself and writes nothing else of ours.
    return SafeString(code.svg_inline(border=4, title=title, omitsize=True))
