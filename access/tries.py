"""Slows down whoever guesses codes of the first entry, by login and address: the slip itself stays good.

In the database's cache: `must_wait` and `remember` are called under the lock of the code's row.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from django.core.cache import cache

TRIES = 5
WAIT = timedelta(minutes=15)


def must_wait(*, login: str, source: str, now: datetime) -> bool:
    return len(_recent(_key(login, source), now)) >= TRIES


def remember(*, login: str, source: str, now: datetime) -> None:
    """Count one wrong try."""
    key = _key(login, source)
    recent = [*_recent(key, now), now.timestamp()]
    cache.set(key, recent, timeout=int(WAIT.total_seconds()))


def _recent(key: str, now: datetime) -> list[float]:
    since = (now - WAIT).timestamp()
    return [moment for moment in cache.get(key, []) if moment > since]


def _key(login: str, source: str) -> str:
    told = f"{login.strip().lower()} {_network(source)}"
    return f"entry-tries:{hashlib.sha256(told.encode()).hexdigest()}"


def _network(source: str) -> str:
    """A customer has one address of version 4, or at most a /48 of version 6."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    bits = 32 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
