"""Words for tables that are written by hundreds of rows: all rows of a statement are seen at once."""

from django.db import migrations

# The changed rows of a statement, by its verb. An id never changes; if one did, both halves would be told.
PAIRS = {
    "INSERT": "SELECT NULL::jsonb AS before, to_jsonb(n) AS after, n.year, n.school_id, n.id FROM new_rows n",
    "DELETE": "SELECT to_jsonb(o) AS before, NULL::jsonb AS after, o.year, o.school_id, o.id FROM old_rows o",
    "UPDATE": """SELECT to_jsonb(o) AS before, to_jsonb(n) AS after, coalesce(n.year, o.year) AS year,
           coalesce(n.school_id, o.school_id) AS school_id, coalesce(n.id, o.id) AS id
      FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE o IS DISTINCT FROM n""",
}


def _record(pairs: str) -> str:
    return f"""
    INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason,
                             table_name, row_id, action, before, after)
    SELECT changed.year, changed.school_id, clock_timestamp(), (SELECT epoch FROM audit_epoch),
           (SELECT (pg_current_xact_id()::text)::bigint),
           (SELECT nullif(current_setting('app.actor', true), '')::uuid),
           (SELECT coalesce(current_setting('app.origin', true), '')),
           (SELECT coalesce(current_setting('app.request_id', true), '')),
           (SELECT coalesce(current_setting('app.reason', true), '')),
           TG_ARGV[0], changed.id, left(TG_OP, 1), changed.before, changed.after
      FROM ({pairs}) AS changed;"""  # noqa: S608 - our own words


WORDS = f"""
-- Writes what audit_row would write of each row. The table has the columns id, school_id and year.
CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {_record(PAIRS["INSERT"])}
  ELSIF TG_OP = 'DELETE' THEN {_record(PAIRS["DELETE"])}
  ELSE {_record(PAIRS["UPDATE"])}
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_rows() FROM PUBLIC;

DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ediary_audit') THEN
    GRANT CREATE, USAGE ON SCHEMA public TO ediary_audit;
    ALTER FUNCTION audit_rows() OWNER TO ediary_audit;
    REVOKE CREATE ON SCHEMA public FROM ediary_audit;
  END IF;
END $$;

-- Calls the function after every statement of the verbs, with its rows as old_rows and new_rows.
-- A statement that names a partition passes by: nobody but the owner may name one.
CREATE FUNCTION app_after_statements(t text, name text, call text, VARIADIC verbs text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE verb text;
BEGIN
  FOREACH verb IN ARRAY verbs LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %s',
                   name || '_' || lower(verb), verb, t,
                   CASE verb WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
                             WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
                             ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END, call);
  END LOOP;
END $$;

-- Every change of the table is recorded, as app_record does it, but a statement at a time.
CREATE FUNCTION app_record_statements(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS record ON %I', t);
  PERFORM app_after_statements(t, 'record', format('audit_rows(%L)', t), 'INSERT', 'UPDATE', 'DELETE');
END $$;
"""  # noqa: S608 - our own words


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_words_of_the_database")]

    operations = [migrations.RunSQL(WORDS, migrations.RunSQL.noop)]
