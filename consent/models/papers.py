"""Scans of the papers behind decisions, and what is to be destroyed after a withdrawal."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from common.constraints import paired
from consent.models.decisions import Decision, DecisionKind
from people.models import Owned
from people.visibility import ScopedQuerySet


class Scan(Owned):
    """A photo or scan of the paper behind a decision, served only through a view that checks access."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="scans")
    name = models.CharField("Имя файла", max_length=200)
    stored = models.FileField(upload_to="consents/%Y/%m/")
    size = models.PositiveIntegerField("Размер, байт")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["decision", "sha256"], name="consent_scan_once"),
        ]

    class Privacy:
        personal = {"decision", "name", "stored", "sha256"}
        harmless = {"id", "school", "size", "content_type", "added_by", "added_at"}

    def __str__(self) -> str:
        return self.name


class DestructionQuerySet(ScopedQuerySet["Destruction"]):
    def standing(self) -> Self:
        """Not done, and no later consent of the same signer allows the processing again."""
        last = Decision.objects.filter(
            signer=OuterRef("decision__signer"),
            subject=OuterRef("decision__subject"),
            purpose=OuterRef("decision__purpose"),
        ).latest_first()
        kind = Subquery(last.values("kind")[:1])
        return self.annotate(last_kind=kind).filter(
            ~Q(last_kind=DecisionKind.CONSENT), done_at__isnull=True
        )

    def done_or_standing(self) -> Self:
        """Leave out what a later consent made needless."""
        return self.filter(
            Q(done_at__isnull=False)
            | Exists(Destruction.objects.standing().filter(pk=OuterRef("pk")))
        )


class Destruction(Owned):
    """By when the data kept only by an ended consent are to be destroyed (152-ФЗ ст. 21 ч. 5)."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="destruction")
    due_on = models.DateField("Уничтожить до")
    what = models.CharField("Что уничтожено", max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DestructionQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("done_by", "done_at"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(what=""),
                name="consent_destruction_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["school", "due_on"],
                condition=Q(done_at__isnull=True),
                name="consent_destruction_due",
            )
        ]

    class Privacy:
        personal = {"decision", "what"}
        harmless = {"id", "school", "due_on", "done_by", "done_at"}

    def __str__(self) -> str:
        return str(self.due_on)
