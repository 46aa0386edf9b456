"""Results of periods, years, exams and schooling, with sign-off and deferral."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from people.models import Owned, Pupil
from school.models import Course, Period, Subject


class ResultStatus(models.TextChoices):
    MARK = "mark", "отметка"
    NOT_ASSESSED = "not_assessed", "н/а"
    EXEMPT = "exempt", "осв"
    DEFERRED = "deferred", "отсрочка"


class Result(Owned):
    """A final result of a pupil. Families see it from `visible_at` (T6, G2.8, S7)."""

    year = models.IntegerField("Учебный год")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    status = models.CharField(
        "Состояние", max_length=12, choices=ResultStatus.choices, default=ResultStatus.MARK
    )
    value = models.CharField("Отметка", max_length=6, blank=True)
    score = models.DecimalField("Число", max_digits=5, decimal_places=2, null=True, blank=True)
    obtained_at = models.DateTimeField("Получен")
    visible_at = models.DateTimeField("Открыт семье", null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="mark") | ~Q(value=""), name="%(app_label)s_%(class)s_value"
            ),
        ]

    class Privacy:
        personal = {"pupil", "status", "value", "score"}
        harmless = {
            "id", "school", "year", "obtained_at", "visible_at", "set_by", "set_at", "rev",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.value or self.get_status_display()


class PeriodMark(Result):
    """The result of a reporting period in a course."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="period_marks")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            *Result.Meta.constraints,
            models.UniqueConstraint(
                fields=["course", "period", "pupil"], name="journal_periodmark_once"
            ),
        ]

    class Privacy:
        personal = Result.Privacy.personal
        harmless = {*Result.Privacy.harmless, "course", "period"}


class YearMark(Result):
    """The result of the year in a course."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="year_marks")

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            *Result.Meta.constraints,
            models.UniqueConstraint(fields=["course", "pupil"], name="journal_yearmark_once"),
        ]

    class Privacy:
        personal = Result.Privacy.personal
        harmless = {*Result.Privacy.harmless, "course"}


class ExamKind(models.TextChoices):
    INTERIM = "interim", "промежуточная аттестация"
    OGE = "oge", "ОГЭ"
    EGE = "ege", "ЕГЭ"
    CONTEST = "contest", "конкурсное испытание"


class ExamResult(Result):
    """The result of an exam or a competitive trial in a subject."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    kind = models.CharField("Вид", max_length=10, choices=ExamKind.choices)
    held_on = models.DateField("Дата")

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            *Result.Meta.constraints,
            models.UniqueConstraint(
                fields=["subject", "kind", "held_on", "pupil"], name="journal_examresult_once"
            ),
        ]

    class Privacy:
        personal = Result.Privacy.personal
        harmless = {*Result.Privacy.harmless, "subject", "kind", "held_on"}


class FinalMark(Result):
    """The final mark of a subject: what goes into the certificate."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            *Result.Meta.constraints,
            models.UniqueConstraint(
                fields=["subject", "year", "pupil"], name="journal_finalmark_once"
            ),
        ]

    class Privacy:
        personal = Result.Privacy.personal
        harmless = {*Result.Privacy.harmless, "subject"}


class Deferral(Owned):
    """A period's mark put off for illness, to a new date (T5c)."""

    period_mark = models.OneToOneField(PeriodMark, models.CASCADE, related_name="deferral")
    until = models.DateField("Новая дата")
    ground = models.CharField("Основание", max_length=200)

    class Privacy:
        special = {"ground"}
        harmless = {"id", "school", "period_mark", "until"}

    def __str__(self) -> str:
        return f"{self.until}"


class SignOff(Owned):
    """A course's period is closed: from now on only a deputy head changes its marks, with a reason."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="sign_offs")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("approved_by", "approved_at"),
            models.UniqueConstraint(fields=["course", "period"], name="journal_signoff_once"),
        ]

    class Privacy:
        harmless = {
            "id", "school", "course", "period", "signed_by", "signed_at", "approved_by", "approved_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course_id} {self.period_id}"
