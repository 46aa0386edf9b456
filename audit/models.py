"""The append-only history of every change: rows come from triggers alone, nobody edits them."""

from django.db import models


class AuditEvent(models.Model):
    """One changed row: who, when, from where, why, before and after. Partitioned by school year."""

    id = models.BigAutoField(primary_key=True)
    year = models.IntegerField("Учебный год")
    school_id = models.UUIDField(null=True)
    at = models.DateTimeField("Когда")
    epoch = models.IntegerField()
    txid = models.BigIntegerField()
    actor = models.UUIDField("Кто", null=True)
    origin = models.TextField("Откуда")
    request_id = models.TextField()
    reason = models.TextField("Почему")
    table_name = models.TextField("Таблица")
    row_id = models.UUIDField()
    action = models.CharField(max_length=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit_event"

    class Privacy:
        personal = {"actor", "origin", "before", "after", "reason", "row_id"}
        harmless = {
            "id", "year", "school_id", "at", "epoch", "txid", "request_id", "table_name", "action",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.table_name} {self.action} {self.row_id}"


class Seal(models.Model):
    """A link of a school's hash chain over the committed rows of its history."""

    id = models.BigAutoField(primary_key=True)
    school_id = models.UUIDField()
    number = models.IntegerField()
    epoch = models.IntegerField()
    txid_from = models.BigIntegerField()
    txid_until = models.BigIntegerField()
    rows = models.IntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_id", "number"], name="audit_seal_number"),
        ]

    class Privacy:
        harmless = {
            "id", "school_id", "number", "epoch", "txid_from", "txid_until", "rows", "previous",
            "digest", "sealed_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.school_id} № {self.number}"
