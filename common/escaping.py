"""Text made safe for HTML, for the templates that are written in Python."""

from functools import lru_cache
from html import escape as escaped

LONGEST_KEPT = (
    60  # characters: subjects, topics and kinds of work come again, comments and notes do not
)

_kept = lru_cache(maxsize=8192)(escaped)


def escape(text: str) -> str:
    """Return the text with &, <, > and quotes written out; what people wrote at length is not remembered."""
    return _kept(text) if len(text) <= LONGEST_KEPT else escaped(text)
