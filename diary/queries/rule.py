"""What the school's regulation asks of acknowledgement and of reminders, on a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from common.weeks import monday_of
from people.models import School
from regulation.profile import letters_of
from regulation.queries import in_force

WEEK = 7
# Whose clauses ask families to acknowledge (К4) or the class teacher to remind (Г2.10.3).
REMINDING = frozenset("kg")


@dataclass(frozen=True, slots=True)
class Rule:
    """The parameters of the version in force; without one, the defaults."""

    interval: int  # days from one acknowledgement to the next
    sections: frozenset[str]
    lead: int  # days before the end of the week
    repeat: int  # days between reminders of one week
    reminds: bool

    @property
    def grace(self) -> int:
        """Return how many days back an acknowledged week still covers this one."""
        return max(self.interval - WEEK, 0)

    def first_day(self, monday: date) -> date:
        """Return the day on which the job begins to remind of the week: Friday by default."""
        return max(monday, monday + timedelta(days=WEEK - 1 - self.lead))


def rule_of(school: School, *, day: date) -> Rule:
    """Return the rule in force at the school: one statement."""
    found = in_force(school, day=day)
    values = found.values
    return Rule(
        interval=values["acknowledgement_interval_days"].number,
        sections=frozenset(values["acknowledgement_sections"].options),
        lead=values["reminder_lead_days"].number,
        repeat=values["reminder_interval_days"].number,
        reminds=found.version is None or bool(REMINDING & letters_of(found.profile)),
    )


def week_to_remind(today: date, rule: Rule) -> date | None:
    """Return the Monday of the week that the job reminds of today.

    The week that goes on, from the regulation's day on. Earlier in the week the one before, which is overdue:
    but not so late that the next reminder would follow sooner than the regulation lets.
    """
    monday = monday_of(today)
    begins = rule.first_day(monday)
    if today >= begins:
        return monday
    if today + timedelta(days=rule.repeat) <= begins:
        return monday - timedelta(days=WEEK)
    return None
