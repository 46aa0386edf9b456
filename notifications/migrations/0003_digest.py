"""How far the evening digests of a school have read its history."""

import django.db.models.deletion
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_keep_invariants"),
        ("people", "0002_keep_invariants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="День")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("epoch", models.IntegerField()),
                ("snapshot", models.TextField()),
                ("messages", models.PositiveIntegerField(default=0)),
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
                        fields=("school", "id"), name="notifications_digest_school_id"
                    ),
                    models.UniqueConstraint(
                        fields=("school", "day"), name="notifications_digest_once_a_day"
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT app_isolate('notifications_digest')", migrations.RunSQL.noop),
    ]
