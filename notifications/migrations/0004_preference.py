"""What each member of a family wants to be told."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_digest"),
        ("people", "0003_cache_in_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("evening", "раз в день, вечером"),
                            ("at_once", "сразу"),
                            ("never", "не присылать"),
                        ],
                        default="evening",
                        max_length=8,
                        verbose_name="Сводка",
                    ),
                ),
                (
                    "digest_at",
                    models.TimeField(default=datetime.time(19, 0), verbose_name="Время сводки"),
                ),
                ("channels", models.JSONField(default=list, verbose_name="Каналы")),
                ("events", models.JSONField(default=list, verbose_name="События")),
                (
                    "quiet_from",
                    models.TimeField(default=datetime.time(21, 0), verbose_name="Не беспокоить с"),
                ),
                (
                    "quiet_until",
                    models.TimeField(default=datetime.time(7, 0), verbose_name="Не беспокоить до"),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preference",
                        to="people.person",
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
                        fields=("school", "id"), name="notifications_preference_school_id"
                    )
                ],
            },
        ),
        migrations.RunSQL("SELECT app_isolate('notifications_preference')", migrations.RunSQL.noop),
        migrations.RunSQL(
            "SELECT app_tie('notifications_preference', 'person_id', 'people_person')",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SELECT app_record('notifications_preference')", migrations.RunSQL.noop),
    ]
