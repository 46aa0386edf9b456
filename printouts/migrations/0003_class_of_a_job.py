"""A job names its class, so that who leads the class may fetch the file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("printouts", "0002_keep_invariants"),
        ("school", "0002_keep_invariants"),
    ]

    operations = [
        migrations.AddField(
            model_name="printjob",
            name="school_class",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="print_jobs",
                to="school.schoolclass",
            ),
        ),
        migrations.RunSQL(
            "SELECT app_tie('printouts_printjob', 'school_class_id', 'school_schoolclass')",
            migrations.RunSQL.noop,
        ),
    ]
