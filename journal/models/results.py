"""Results of periods, years, exams and schooling, with sign-off and deferral."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
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
    scale_code = models.CharField("Шкала", max_length=10, default="five")
    points = models.DecimalField("Баллы", max_digits=5, decimal_places=1, null=True, blank=True)
    chosen = models.BooleanField("По выбору", default=False)

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            *Result.Meta.constraints,
            models.UniqueConstraint(
                fields=["subject", "kind", "held_on", "pupil"], name="journal_examresult_once"
            ),
        ]

    class Privacy:
        personal = {*Result.Privacy.personal, "points"}
        harmless = {
            *Result.Privacy.harmless, "subject", "kind", "held_on", "scale_code", "chosen",
        }  # fmt: skip


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
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        special = {"ground"}
        harmless = {"id", "school", "period_mark", "until", "reminded_at"}

    def __str__(self) -> str:
        return f"{self.until}"


class SignOff(Owned):
    """A course's period, or its year (`period` empty), is closed by the teacher, then by the deputy head.

    From now on only a deputy head changes its marks, with a reason.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="sign_offs")
    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="+")
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
            models.UniqueConstraint(
                fields=["course", "period"], name="journal_signoff_once", nulls_distinct=False
            ),
        ]

    class Privacy:
        harmless = {
            "id", "school", "course", "period", "signed_by", "signed_at", "approved_by", "approved_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course_id} {self.period_id}"


class FinalRule(Owned):
    """The school's table from average to result, by its local act: nothing is proposed without one.

    The latest rule in force for the subject (else for all subjects) and the grade level holds.
    """

    name = models.CharField("Название", max_length=120)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, related_name="+")
    grade_from = models.PositiveSmallIntegerField("С класса", default=1)
    grade_to = models.PositiveSmallIntegerField("По класс", default=11)
    scale_code = models.CharField("Шкала", max_length=10, default="five")
    bounds = models.JSONField("Нижние границы: {отметка: средний балл}")
    disputed = models.DecimalField(
        "Спорная зона под границей", max_digits=4, decimal_places=2, default=0
    )
    weighted = models.BooleanField("По средневзвешенному", default=True)
    minimum = models.JSONField(
        "Наименьшее число отметок: [[часов в неделю до, отметок]]", default=list, blank=True
    )
    act = models.CharField("Локальный акт", max_length=200, blank=True)
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.CheckConstraint(
                condition=Q(
                    grade_from__gte=1, grade_to__lte=11, grade_from__lte=models.F("grade_to")
                ),
                name="journal_finalrule_grades",
            ),
        ]

    class Privacy:
        harmless = {
            "id", "school", "name", "subject", "grade_from", "grade_to", "scale_code", "bounds",
            "disputed", "weighted", "minimum", "act", "since", "until",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name


class AcademicDebt(Owned):
    """An unsatisfactory year's result (273-ФЗ ст. 58): two further attempts. Not a mark still owed."""

    year = models.IntegerField("Учебный год")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="academic_debts")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    arisen_on = models.DateField("Возникла")
    due_day = models.DateField("Ликвидировать до")
    settled_on = models.DateField("Ликвидирована", null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("arisen_on", "settled_on"),
            models.UniqueConstraint(
                fields=["year", "pupil", "subject"], name="journal_academicdebt_once"
            ),
        ]

    class Privacy:
        personal = {"pupil", "subject"}
        harmless = {
            "id", "school", "year", "arisen_on", "due_day", "settled_on", "set_by", "set_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.subject_id}"


class Attempt(Owned):
    """An attempt to settle an academic debt: two at most, the second before a commission."""

    debt = models.ForeignKey(AcademicDebt, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField("Попытка")
    held_on = models.DateField("Дата")
    value = models.CharField("Отметка", max_length=6, blank=True)
    passed = models.BooleanField("Сдано", null=True, blank=True)  # empty: appointed, not held yet
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["debt", "number"], name="journal_attempt_once"),
            models.CheckConstraint(
                condition=Q(number__in=[1, 2]),
                name="journal_attempt_two",
                violation_error_message="Попыток ликвидировать задолженность две.",
            ),
        ]

    class Privacy:
        personal = {"value", "passed"}
        harmless = {"id", "school", "debt", "number", "held_on", "set_by", "set_at"}

    def __str__(self) -> str:
        return f"{self.number}"


class CouncilDecisionKind(models.TextChoices):
    PROMOTED = "promoted", "переведён"
    CONDITIONAL = "conditional", "переведён условно"
    REPEATS = "repeats", "оставлен на повторное обучение"
    ADMITTED = "admitted", "допущен к ГИА"
    GRADUATED = "graduated", "окончил"
    LEFT = "left", "выбыл"


class CouncilDecision(Owned):
    """What the teachers' council decided about a pupil at the end of the year, by its minutes."""

    year = models.IntegerField("Учебный год")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    kind = models.CharField("Решение", max_length=12, choices=CouncilDecisionKind.choices)
    minutes_number = models.CharField("Протокол №", max_length=30)
    minutes_day = models.DateField("Протокол от")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["year", "pupil"], name="journal_councildecision_once"),
        ]

    class Privacy:
        personal = {"pupil", "kind"}
        harmless = {
            "id", "school", "year", "minutes_number", "minutes_day", "set_by", "set_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()
