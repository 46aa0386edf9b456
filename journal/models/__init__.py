from journal.models.entries import (
    Absence,
    AbsenceCode,
    Mark,
    Operation,
)
from journal.models.homework import (
    Homework,
    HomeworkFile,
    HomeworkPupil,
)
from journal.models.results import (
    Deferral,
    ExamKind,
    ExamResult,
    FinalMark,
    PeriodMark,
    Result,
    ResultStatus,
    SignOff,
    YearMark,
)
from journal.models.works import (
    Scale,
    Work,
    WorkKind,
)

__all__ = [
    "Absence",
    "AbsenceCode",
    "Deferral",
    "ExamKind",
    "ExamResult",
    "FinalMark",
    "Homework",
    "HomeworkFile",
    "HomeworkPupil",
    "Mark",
    "Operation",
    "PeriodMark",
    "Result",
    "ResultStatus",
    "Scale",
    "SignOff",
    "Work",
    "WorkKind",
    "YearMark",
]
