from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regulation", "0003_parameters_in_force"),
    ]

    operations = [
        migrations.AddField(
            model_name="regulationversion",
            name="publish_by",
            field=models.DateField(blank=True, null=True, verbose_name="Разместить на сайте до"),
        ),
        migrations.AddField(
            model_name="regulationversion",
            name="acquaint_by",
            field=models.DateField(blank=True, null=True, verbose_name="Ознакомить сотрудников до"),
        ),
    ]
