"""Jobs that make documents, the files they made, and who was given which extract."""

from django.conf import settings
from django.db import models

from common.constraints import paired
from people.models import Owned, Person, Pupil
from school.models import SchoolClass


class JobState(models.TextChoices):
    WAITING = "waiting", "в очереди"
    RUNNING = "running", "готовится"
    DONE = "done", "готово"
    FAILED = "failed", "не получилось"
    CANCELLED = "cancelled", "отменено"


class PrintJob(Owned):
    """One order of documents: kind, parameters, progress, and the file when it is done."""

    kind = models.CharField("Документ", max_length=30)
    title = models.CharField("Название", max_length=200)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="print_jobs"
    )
    parameters = models.JSONField(default=dict)
    state = models.CharField(
        "Состояние", max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.CharField("Ошибка", max_length=300, blank=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stored = models.FileField(upload_to="printouts/%Y/%m/", blank=True)
    pages = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints]
        indexes = [models.Index(fields=["school", "ordered_at"], name="printouts_job_recent")]

    class Privacy:
        personal = {"parameters", "title"}
        harmless = {
            "id", "school", "kind", "school_class", "state", "total", "done", "error", "ordered_by",
            "ordered_at", "finished_at", "stored", "pages", "size", "sha256",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Extract(Owned):
    """A printed weekly extract (выписка): its code is checked at /verify/<code>."""

    job = models.ForeignKey(
        PrintJob, models.PROTECT, null=True, blank=True, related_name="extracts"
    )
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="extracts")
    week = models.DateField("Неделя (понедельник)")
    code = models.CharField("Код", max_length=16, unique=True)
    version = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    printed_at = models.DateTimeField()
    issued_to = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints, paired("issued_by", "issued_at")]
        indexes = [models.Index(fields=["pupil", "week"], name="printouts_extract_pupil")]

    class Privacy:
        personal = {"pupil", "issued_to"}
        harmless = {
            "id", "school", "job", "week", "code", "version", "pages", "printed_at", "issued_by",
            "issued_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Download(Owned):
    """Who took a file away, and when."""

    job = models.ForeignKey(PrintJob, models.CASCADE, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Privacy:
        harmless = {"id", "school", "job", "user", "at"}

    def __str__(self) -> str:
        return f"{self.job_id} {self.at}"
