"""When the staff talk with families."""

import django.db.models.deletion
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_cache_in_the_database"),
        ("school", "0003_subjects_without_homework"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(verbose_name="День недели (1 — понедельник)"),
                ),
                ("starts", models.TimeField(verbose_name="С")),
                ("ends", models.TimeField(verbose_name="До")),
                ("place", models.CharField(max_length=120, verbose_name="Где и как")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_hours",
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
                        fields=("school", "id"), name="school_contacthours_school_id"
                    ),
                    models.UniqueConstraint(
                        fields=("person", "weekday", "starts"), name="school_contacthours_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))),
                        name="school_contacthours_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (1, 7))),
                        name="school_contacthours_weekday",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT app_isolate('school_contacthours')", migrations.RunSQL.noop),
        migrations.RunSQL(
            "SELECT app_tie('school_contacthours', 'person_id', 'people_person')",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SELECT app_record('school_contacthours')", migrations.RunSQL.noop),
    ]
