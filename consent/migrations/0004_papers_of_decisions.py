"""Scans of the papers behind decisions, and terms of destruction after a withdrawal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids

KEEP = """
SELECT app_isolate('consent_scan');
SELECT app_tie('consent_scan', 'decision_id', 'consent_decision');
SELECT app_record('consent_scan');
SELECT app_isolate('consent_destruction');
SELECT app_tie('consent_destruction', 'decision_id', 'consent_decision');
SELECT app_record('consent_destruction');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_record_whole_statements"),
        ("consent", "0003_texts_of_consents"),
        ("people", "0001_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_on", models.DateField(verbose_name="Уничтожить до")),
                (
                    "what",
                    models.CharField(blank=True, max_length=300, verbose_name="Что уничтожено"),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destruction",
                        to="consent.decision",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.school",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["school", "due_on"],
                        name="consent_destruction_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "id"), name="consent_destruction_school_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="consent_destruction_done_by_done_at_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(("what", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consent_destruction_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Имя файла")),
                ("stored", models.FileField(upload_to="consents/%Y/%m/")),
                ("size", models.PositiveIntegerField(verbose_name="Размер, байт")),
                ("content_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="consent.decision",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.school",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="consent_scan_school_id"),
                    models.UniqueConstraint(
                        fields=("decision", "sha256"), name="consent_scan_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
