"""The diary's own tables: acknowledgement, what families write, what the school says to them."""

from diary.models.acknowledgement import (
    Acknowledgement,
    Channel,
    Reminder,
    ResultKind,
    ResultView,
    Section,
)
from diary.models.family import (
    AbsenceReason,
    AbsenceReport,
    CalendarFeed,
    DoneTask,
    ReportState,
)
from diary.models.portfolio import (
    Achievement,
    AchievementKind,
    AchievementLevel,
    AchievementState,
    Audience,
)
from diary.models.words import (
    Announcement,
    AnnouncementReading,
    Recommendation,
    RecommendationReading,
)

__all__ = [
    "AbsenceReason",
    "AbsenceReport",
    "Achievement",
    "AchievementKind",
    "AchievementLevel",
    "AchievementState",
    "Acknowledgement",
    "Announcement",
    "AnnouncementReading",
    "Audience",
    "CalendarFeed",
    "Channel",
    "DoneTask",
    "Recommendation",
    "RecommendationReading",
    "Reminder",
    "ReportState",
    "ResultKind",
    "ResultView",
    "Section",
]
