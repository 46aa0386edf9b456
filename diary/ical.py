"""Writes a calendar by RFC 5545. Moments are of UTC: clients differ in how they read time zones."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vText

from diary.pages.feed import CalendarEvent

EVERY = timedelta(hours=4)  # how often a client is asked to come


def calendar(events: Iterable[CalendarEvent], *, name: str, host: str, stamp: datetime) -> bytes:
    """Return the calendar's text. `stamp` is when its events were made, `host` makes their ids unique."""
    made = Calendar()
    made.add("prodid", f"-//{host}//Дневник//RU")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    made.add("x-published-ttl", vText("PT4H"))
    for event in events:
        made.add_component(_event(event, host=host, stamp=stamp))
    text: bytes = made.to_ical()
    return text


def _event(event: CalendarEvent, *, host: str, stamp: datetime) -> Event:
    made = Event()
    made.add("uid", f"{event.uid}@{host}")
    made.add("dtstamp", stamp.astimezone(UTC))
    made.add("summary", event.title)
    if isinstance(event.starts, datetime) and isinstance(event.ends, datetime):
        made.add("dtstart", event.starts.astimezone(UTC))
        made.add("dtend", event.ends.astimezone(UTC))
    else:
        made.add("dtstart", _day(event.starts))
        made.add("dtend", _day(event.ends) + timedelta(days=1))
    if event.place:
        made.add("location", event.place)
    if event.text:
        made.add("description", event.text)
    if event.is_cancelled:
        made.add("status", "CANCELLED")
    busy = event.is_busy and not event.is_cancelled
    made.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    return made


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
