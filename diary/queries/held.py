"""Whether a page that a browser holds is still true: one statement, docs/adr/0012."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from common.prepared import prepared
from people.models import Pupil

_MOMENT = "SELECT pg_current_snapshot()::text, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text"
# A change counts if the page's own moment did not see it: it came later, or it was still under way then.
# A lesson that began or ended since changes the page as well.
_SINCE = f"""
{_MOMENT}, EXISTS (
  SELECT 1 FROM (
         SELECT %(pupil)s::uuid AS id UNION ALL SELECT %(school)s::uuid UNION ALL
         SELECT c.id FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
          WHERE m.pupil_id = %(pupil)s) AS shown
    JOIN diary_change d ON d.subject = shown.id
     AND (d.at > %(at)s OR NOT pg_visible_in_snapshot(d.xid, %(snapshot)s::pg_snapshot))
) OR EXISTS (
  SELECT 1 FROM school_sitting s
   WHERE s.school_id = %(school)s AND s.day = %(today)s
     AND (lower(s.during) > %(made)s AND lower(s.during) <= %(now)s
          OR upper(s.during) > %(made)s AND upper(s.during) <= %(now)s)
)
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Moment:
    """What a page was made of, and when by our own clock; times are microseconds since 1970."""

    snapshot: str  # the transactions that were over, and those under way, as PostgreSQL writes them
    at: str  # by the database's clock, which changes are stamped with
    made: str

    def __str__(self) -> str:
        return f"{self.snapshot}.{self.at}.{self.made}"


def moment(now: datetime) -> Moment:
    """Return this moment: what a page reads after it, it reads of it or later."""
    with prepared() as cursor:
        cursor.execute(_MOMENT)
        snapshot, at = cursor.fetchone()
    return Moment(snapshot, at, _micros(now))


def moment_since(held: Moment, pupil: Pupil, *, today: date, now: datetime) -> tuple[Moment, bool]:
    """Return this moment, and whether anything that the pupil's pages show changed since `held`."""
    values: dict[str, Any] = {
        "pupil": pupil.pk,
        "school": pupil.school_id,
        "snapshot": held.snapshot,
        "at": _time(held.at),
        "made": _time(held.made),
        "today": today,
        "now": now,
    }
    with prepared() as cursor:
        cursor.execute(_SINCE, values)
        snapshot, at, is_changed = cursor.fetchone()
    return Moment(snapshot, at, _micros(now)), is_changed


def _micros(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1_000_000))


def _time(micros: str) -> datetime:
    return datetime.fromtimestamp(int(micros) / 1_000_000, tz=UTC)
