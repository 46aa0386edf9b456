"""SQL words that later migrations call: isolate a table, tie it to its school, partition, record."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

WORDS = r"""
CREATE FUNCTION app_schools() RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('app.schools', true), '')::uuid[]
$$;

-- Rows of other schools do not exist for the web and worker roles.
CREATE FUNCTION app_isolate(t text, col text DEFAULT 'school_id') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
  EXECUTE format('CREATE POLICY school ON %I USING (%I = ANY ((SELECT app_schools())::uuid[]))', t, col);
END $$;

-- What a row points to belongs to the row's own school.
CREATE FUNCTION app_tie(t text, col text, target text, target_col text DEFAULT 'id')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (school_id, %I) REFERENCES %I (school_id, %I)'
                 ' DEFERRABLE INITIALLY DEFERRED', t, left(t || '_' || col || '_tie', 63), col, target, target_col);
END $$;

-- Turns a table that Django has just made into one partitioned by school year.
CREATE FUNCTION app_partition(t text, first int, last int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I RENAME TO %I', t, t || '_plain');
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (year, id))'
                 ' PARTITION BY LIST (year)', t, t || '_plain');
  EXECUTE format('DROP TABLE %I', t || '_plain');
  FOR y IN first..last LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%s)', t || '_' || y, t, y);
  END LOOP;
END $$;

-- The school year of a date: named by the year in which it begins; it turns on the first of August.
CREATE FUNCTION app_school_year(day date) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT extract(year FROM day - interval '7 months')::int
$$;

CREATE TABLE audit_epoch (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), epoch int NOT NULL);
INSERT INTO audit_epoch (epoch) VALUES (1);

CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY,
  year int NOT NULL,
  school_id uuid,
  at timestamptz NOT NULL,
  epoch int NOT NULL,
  txid bigint NOT NULL,
  actor uuid,
  origin text NOT NULL,
  request_id text NOT NULL,
  reason text NOT NULL,
  table_name text NOT NULL,
  row_id uuid NOT NULL,
  action char(1) NOT NULL,
  before jsonb,
  after jsonb,
  PRIMARY KEY (year, id)
) PARTITION BY LIST (year);

DO $$ BEGIN
  FOR y IN 2024..2038 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES IN (%s)', 'audit_event_' || y, y);
  END LOOP;
END $$;
CREATE INDEX audit_event_row ON audit_event (school_id, row_id, at);
CREATE INDEX audit_event_txid ON audit_event (school_id, epoch, txid);
CREATE INDEX audit_event_at ON audit_event (school_id, table_name, at);
SELECT app_isolate('audit_event');

CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  row_now jsonb := coalesce(new_row, old_row);
BEGIN
  IF TG_OP = 'UPDATE' AND old_row = new_row THEN RETURN NULL; END IF;
  INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason,
                           table_name, row_id, action, before, after)
  VALUES (
    coalesce((row_now->>'year')::int, app_school_year(current_date)),
    (row_now->>'school_id')::uuid, clock_timestamp(), (SELECT epoch FROM audit_epoch),
    (pg_current_xact_id()::text)::bigint,
    nullif(current_setting('app.actor', true), '')::uuid,
    coalesce(current_setting('app.origin', true), ''),
    coalesce(current_setting('app.request_id', true), ''),
    coalesce(current_setting('app.reason', true), ''),
    TG_ARGV[0], coalesce(row_now->>'id', row_now->>'person_id')::uuid, left(TG_OP, 1), old_row, new_row);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_row() FROM PUBLIC;

-- Every change of the table is recorded.
CREATE FUNCTION app_record(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON %I'
                 ' FOR EACH ROW EXECUTE FUNCTION audit_row(%L)', t, t);
END $$;

-- After a restore the transaction numbers begin anew: the chain goes on in the next epoch.
CREATE FUNCTION app_bump_audit_epoch() RETURNS int LANGUAGE sql AS $$
  UPDATE audit_epoch SET epoch = epoch + 1 RETURNING epoch
$$;
REVOKE EXECUTE ON FUNCTION app_bump_audit_epoch() FROM PUBLIC;

-- Rows that are never edited: only added.
CREATE FUNCTION app_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION app_only_add(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER only_add BEFORE UPDATE OR DELETE ON %I'
                 ' FOR EACH ROW EXECUTE FUNCTION app_refuse_change()', t);
END $$;
"""

OWNER = """
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ediary_audit') THEN
    GRANT CREATE, USAGE ON SCHEMA public TO ediary_audit;
    ALTER TABLE audit_event OWNER TO ediary_audit;
    ALTER TABLE audit_epoch OWNER TO ediary_audit;
    ALTER FUNCTION audit_row() OWNER TO ediary_audit;
    ALTER FUNCTION app_bump_audit_epoch() OWNER TO ediary_audit;
    FOR y IN 2024..2038 LOOP
      EXECUTE format('ALTER TABLE %I OWNER TO ediary_audit', 'audit_event_' || y);
    END LOOP;
    REVOKE CREATE ON SCHEMA public FROM ediary_audit;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(WORDS, migrations.RunSQL.noop),
                migrations.RunSQL(OWNER, migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("year", models.IntegerField(verbose_name="Учебный год")),
                        ("school_id", models.UUIDField(null=True)),
                        ("at", models.DateTimeField(verbose_name="Когда")),
                        ("epoch", models.IntegerField()),
                        ("txid", models.BigIntegerField()),
                        ("actor", models.UUIDField(null=True, verbose_name="Кто")),
                        ("origin", models.TextField(verbose_name="Откуда")),
                        ("request_id", models.TextField()),
                        ("reason", models.TextField(verbose_name="Почему")),
                        ("table_name", models.TextField(verbose_name="Таблица")),
                        ("row_id", models.UUIDField()),
                        ("action", models.CharField(max_length=1)),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                    ],
                    options={"db_table": "audit_event"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("school_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("epoch", models.IntegerField()),
                ("txid_from", models.BigIntegerField()),
                ("txid_until", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school_id", "number"), name="audit_seal_number"
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT app_isolate('audit_seal')", migrations.RunSQL.noop),
    ]
