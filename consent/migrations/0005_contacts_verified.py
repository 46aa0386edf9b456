"""Codes that prove contacts, kinds of messenger, and one application for a service at a time."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower

import common.ids

KEEP = """
SELECT app_isolate('consent_contactcode');
SELECT app_tie('consent_contactcode', 'contact_id', 'consent_contact');
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_papers_of_decisions")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="messenger",
            field=models.CharField(
                blank=True,
                choices=[
                    ("max", "MAX"),
                    ("sferum", "Сферум (VK Мессенджер)"),
                    ("telegram", "Telegram"),
                    ("other", "другой мессенджер"),
                ],
                default="",
                max_length=10,
                verbose_name="Мессенджер",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contact",
            name="verified_how",
            field=models.CharField(
                blank=True,
                choices=[("code", "кодом"), ("staff", "школой")],
                default="",
                max_length=10,
                verbose_name="Чем проверен",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "messenger"), ("messenger", ""), _connector="OR"),
                name="consent_contact_messenger_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_at__isnull", False), ("verified_how", ""), _connector="OR"
                ),
                name="consent_contact_verified_how_and_when",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("school"),
                models.F("kind"),
                Lower("value"),
                condition=models.Q(("until__isnull", True)),
                name="consent_contact_same_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("person", "service"),
                name="consent_application_once",
                violation_error_message="Это заявление уже записано.",
            ),
        ),
        migrations.CreateModel(
            name="ContactCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="consent.contact",
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
                    models.UniqueConstraint(
                        fields=("school", "id"), name="consent_contactcode_school_id"
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
