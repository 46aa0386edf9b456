"""A consent says all that 152-ФЗ asks of it, and stays as it was signed."""

from django.db import migrations, models
from django.db.models import Q

REQUIRED = (
    "operator_name",
    "operator_address",
    "goal",
    "categories",
    "processing",
    "processors",
    "term",
    "withdrawal",
)
TOLD = "Указано в тексте согласия."

# Texts of before were one piece: what stands in them is not taken apart. A branch is no legal person.
FILL = """
UPDATE consent_consenttext t
   SET operator_name = o.name,
       operator_address = coalesce(nullif(o.address, ''), t.operator_address),
       goal = p.name
  FROM people_school s JOIN people_school o ON o.id = coalesce(s.parent_id, s.id), consent_purpose p
 WHERE s.id = t.school_id AND p.id = t.purpose_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

KEEP = """
CREATE FUNCTION consent_keep_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.since > (
    SELECT (now() AT TIME ZONE s.time_zone)::date FROM people_school s WHERE s.id = OLD.school_id
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a text of consent stays as it was' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_text BEFORE UPDATE OR DELETE ON consent_consenttext
  FOR EACH ROW EXECUTE FUNCTION consent_keep_text();
SELECT app_record('consent_consenttext');
"""


def required(name: str, field: models.Field) -> migrations.AddField:
    return migrations.AddField("consenttext", name, field, preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_keep_invariants")]

    operations = [
        required("operator_name", models.CharField("Оператор", max_length=300, default=TOLD)),
        required(
            "operator_address", models.CharField("Адрес оператора", max_length=300, default=TOLD)
        ),
        required("goal", models.TextField("Цель обработки", default=TOLD)),
        required("categories", models.TextField("Перечень данных", default=TOLD)),
        required(
            "processing", models.TextField("Действия с данными и способы обработки", default=TOLD)
        ),
        required(
            "processors", models.TextField("Кто обрабатывает по поручению оператора", default=TOLD)
        ),
        required("term", models.TextField("Срок действия", default=TOLD)),
        required("withdrawal", models.TextField("Способ отзыва", default=TOLD)),
        migrations.AlterField("consenttext", "text", models.TextField("Дополнительно", blank=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "consenttext",
            models.UniqueConstraint(fields=["purpose", "since"], name="consent_consenttext_since"),
        ),
        migrations.AddConstraint(
            "consenttext",
            models.CheckConstraint(
                condition=Q(*(~Q((name, "")) for name in REQUIRED)),
                name="consent_consenttext_complete",
                violation_error_message="Заполните все обязательные сведения согласия.",
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
