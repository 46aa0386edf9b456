"""What of a person's data is destroyed with the account and what stays: every app adds its own kinds.

tests/access/test_destruction.py holds the list against the models' `Privacy`: a table with personal data
is either destroyed or stays for a reason that is written here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from people.models import Person, User


@dataclass(frozen=True, slots=True)
class Leaver:
    """Whose data goes. `account` is None when there was none, or it opens other things still."""

    person: Person
    login: User | None  # the account that was the person's until now
    account: User | None
    keeps: frozenset[UUID]  # contacts agreed for the results of examinations
    now: datetime
    today: date


Forget = Callable[[Leaver], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A category of data: its name in the act, its tables, and the function that destroys it."""

    name: str
    tables: frozenset[str]
    forget: Forget


_kinds: dict[str, Kind] = {}


def forgets(name: str, *tables: str) -> Callable[[Forget], Forget]:
    """Register a function that destroys the leaver's rows of `tables` and returns how many there were."""

    def add(function: Forget) -> Forget:
        _kinds[name] = Kind(name, frozenset(tables), function)
        return function

    return add


def kinds() -> tuple[Kind, ...]:
    """Return all categories, in the order in which the act lists them."""
    return tuple(_kinds[name] for name in sorted(_kinds))


STAYS: dict[str, frozenset[str]] = {
    "личное дело и алфавитная книга": frozenset(
        {
            "people.Person", "people.Pupil", "people.Guardianship", "people.Restriction",
            "people.RoleAssignment", "school.Membership", "school.Enrolment", "school.Transfer",
            "school.Leaving",
        }
    ),
    "классный журнал и итоговые результаты": frozenset(
        {
            "journal.CriterionPoints", "journal.Mark", "journal.Absence", "journal.AbsenceNote",
            "journal.BehaviourMark", "journal.HomeworkPupil", "journal.HomeworkAnswer",
            "journal.PeriodMark", "journal.YearMark", "journal.ExamResult", "journal.FinalMark",
            "journal.Deferral", "journal.AcademicDebt", "journal.Attempt", "journal.CouncilDecision",
            "journal.Operation", "diary.AbsenceReport", "diary.Achievement", "diary.Recommendation",
            "diary.Announcement", "printouts.Extract", "printouts.PrintJob",
        }
    ),
    "доказательство ознакомления семьи": frozenset(
        {
            "access.Visit", "diary.Acknowledgement", "diary.ResultView", "diary.Reminder",
            "diary.AnnouncementReading", "diary.RecommendationReading",
        }
    ),
    "доказательство согласия, отказа и заявления": frozenset(
        {"consent.Application", "consent.Decision", "consent.DeliveryDeclaration", "consent.Scan"}
    ),
    "доказательство удаления и история изменений": frozenset(
        {"access.Removal", "access.DestructionAct", "audit.AuditEvent", "consent.Destruction"}
    ),
    "сведения о сотрудниках и заявителях": frozenset(
        {
            "people.Employee", "regulation.Acquaintance", "school.ClassTeacher", "school.CourseTeacher",
            "school.LessonChange", "school.ContactHours", "journal.Reopening", "journal.Remark",
            "journal.UnusualEdit", "access.ServiceRefusal",
        }
    ),
}  # fmt: skip
