"""Acts of destruction (Приказ РКН № 179); contacts leave no value in the history."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids

KEEP = """
SELECT app_isolate('access_destructionact');
SELECT app_tie('access_destructionact', 'removal_id', 'access_removal');
SELECT app_record('access_destructionact');
SELECT app_tie('access_removal', 'results_contact_id', 'consent_contact');

-- An act is never edited, and leaves the table when its three years are over.
CREATE FUNCTION app_keep_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.keep_until < current_date THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'acts of destruction are kept for their term' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON access_destructionact
  FOR EACH ROW EXECUTE FUNCTION app_keep_act();
"""

# The history cannot forget: what must be destroyed one day is not written into it. Whether the value
# changed is written. A digest would not do: a telephone number is found by trying them all.
HIDE = r"""
CREATE FUNCTION audit_row_hiding() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  was text;
  col text;
  row_now jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND old_row = new_row THEN RETURN NULL; END IF;
  FOREACH col IN ARRAY TG_ARGV[1:] LOOP
    was := old_row->>col;
    IF was <> '' THEN old_row := jsonb_set(old_row, ARRAY[col], '"скрыто"'); END IF;
    IF new_row->>col <> '' THEN
      new_row := jsonb_set(new_row, ARRAY[col],
        CASE WHEN TG_OP = 'UPDATE' AND new_row->>col IS DISTINCT FROM was THEN '"скрыто, новое"' ELSE '"скрыто"' END::jsonb);
    END IF;
  END LOOP;
  row_now := coalesce(new_row, old_row);
  INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason,
                           table_name, row_id, action, before, after)
  VALUES (
    app_school_year(current_date),
    (row_now->>'school_id')::uuid, clock_timestamp(), (SELECT epoch FROM audit_epoch),
    (pg_current_xact_id()::text)::bigint,
    nullif(current_setting('app.actor', true), '')::uuid,
    coalesce(current_setting('app.origin', true), ''),
    coalesce(current_setting('app.request_id', true), ''),
    coalesce(current_setting('app.reason', true), ''),
    TG_ARGV[0], (row_now->>'id')::uuid, left(TG_OP, 1), old_row, new_row);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_row_hiding() FROM PUBLIC;

DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ediary_audit') THEN
    GRANT CREATE, USAGE ON SCHEMA public TO ediary_audit;
    ALTER FUNCTION audit_row_hiding() OWNER TO ediary_audit;
    REVOKE CREATE ON SCHEMA public FROM ediary_audit;
  END IF;
END $$;

DROP TRIGGER record ON consent_contact;
CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON consent_contact
  FOR EACH ROW EXECUTE FUNCTION audit_row_hiding('consent_contact', 'value');
"""

# Whether an account serves a person of a school outside the scope: nothing more is told.
ELSEWHERE = """
CREATE FUNCTION app_serves_elsewhere(account uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM people_person
                  WHERE user_id = account AND school_id <> ALL (coalesce(app_schools(), '{}')))
$$;
REVOKE EXECUTE ON FUNCTION app_serves_elsewhere(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_serves_elsewhere(uuid) TO ediary_web, ediary_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_keep_invariants"),
        ("audit", "0002_record_whole_statements"),
        ("consent", "0002_keep_invariants"),
        ("people", "0003_cache_in_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DestructionAct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("account", "учётная запись"),
                            ("contact", "контакт для результатов экзаменов"),
                        ],
                        max_length=10,
                        verbose_name="Что",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="Год")),
                ("number", models.PositiveIntegerField(verbose_name="Номер")),
                ("destroyed_at", models.DateTimeField(verbose_name="Когда")),
                ("operator", models.CharField(max_length=300, verbose_name="Оператор")),
                (
                    "operator_address",
                    models.CharField(blank=True, max_length=300, verbose_name="Адрес оператора"),
                ),
                (
                    "processor",
                    models.CharField(blank=True, max_length=500, verbose_name="Обработчик"),
                ),
                ("subject", models.CharField(max_length=320, verbose_name="Субъект")),
                ("subject_kind", models.CharField(max_length=40, verbose_name="Кто это")),
                (
                    "destroyed_by_name",
                    models.CharField(max_length=320, verbose_name="Кто уничтожил"),
                ),
                (
                    "destroyed_by_post",
                    models.CharField(blank=True, max_length=200, verbose_name="Должность"),
                ),
                ("categories", models.JSONField(verbose_name="Что уничтожено")),
                ("system", models.CharField(max_length=200, verbose_name="Информационная система")),
                ("way", models.CharField(max_length=500, verbose_name="Способ")),
                ("reason", models.CharField(max_length=300, verbose_name="Причина")),
                (
                    "backup_days",
                    models.PositiveSmallIntegerField(verbose_name="Дней до конца резервных копий"),
                ),
                ("copy_offered", models.CharField(max_length=300, verbose_name="Копия семье")),
                (
                    "remainder",
                    models.CharField(blank=True, max_length=500, verbose_name="Что осталось"),
                ),
                ("keep_until", models.DateField(verbose_name="Хранить по")),
            ],
        ),
        migrations.AddField(
            model_name="removal",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Доступ закрыт"),
        ),
        migrations.AddField(
            model_name="removal",
            name="keys_ended",
            field=models.PositiveIntegerField(default=0, verbose_name="Закончено сеансов и ключей"),
        ),
        migrations.AddField(
            model_name="removal",
            name="copy_given_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Копия собрана"),
        ),
        migrations.AddField(
            model_name="removal",
            name="copy_given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="removal",
            name="results_contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="consent.contact",
            ),
        ),
        migrations.AddField(
            model_name="removal",
            name="results_until",
            field=models.DateField(blank=True, null=True, verbose_name="Контакт хранится по"),
        ),
        migrations.AddField(
            model_name="removal",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Обучение продолжено"),
        ),
        migrations.AddField(
            model_name="removal",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Письмо о копии"),
        ),
        migrations.AddConstraint(
            model_name="removal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("copy_given_at__isnull", False), ("copy_given_by__isnull", False)),
                    models.Q(("copy_given_at__isnull", True), ("copy_given_by__isnull", True)),
                    _connector="OR",
                ),
                name="access_removal_copy_given_by_copy_given_at_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="removal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("results_contact__isnull", False), ("results_until__isnull", False)),
                    models.Q(("results_contact__isnull", True), ("results_until__isnull", True)),
                    _connector="OR",
                ),
                name="access_removal_results_contact_results_until_paired",
            ),
        ),
        migrations.AddField(
            model_name="destructionact",
            name="destroyed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="destructionact",
            name="removal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts",
                to="access.removal",
            ),
        ),
        migrations.AddField(
            model_name="destructionact",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionact",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="access_destructionact_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionact",
            constraint=models.UniqueConstraint(
                fields=("school", "year", "number"), name="access_destructionact_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionact",
            constraint=models.UniqueConstraint(
                fields=("removal", "part"), name="access_destructionact_once"
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(HIDE, migrations.RunSQL.noop),
        migrations.RunSQL(ELSEWHERE, migrations.RunSQL.noop),
    ]
