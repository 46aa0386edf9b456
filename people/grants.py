"""After every migration: what the web and worker roles of the database may do, table by table."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate

# Tables whose rows are never changed or deleted by the application, only added.
APPEND_ONLY = ("diary_acknowledgement", "consent_decision", "consent_deliverydeclaration")
# Tables to which the worker alone adds rows.
WORKER_ADDS = ("audit_seal",)
# Tables that the application may only read.
READ_ONLY = ("audit_event", "audit_epoch")

_GRANT = """
DO $$
DECLARE t record;
BEGIN
  REVOKE TEMP ON DATABASE {database} FROM PUBLIC;
  GRANT USAGE ON SCHEMA public TO ediary_web, ediary_worker;
  FOR t IN SELECT c.relname, c.relkind FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
             AND NOT c.relispartition AND r.rolname IN ('ediary_owner', 'ediary_audit', current_user)
  LOOP
    IF t.relkind = 'S' THEN
      EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %%I TO ediary_web, ediary_worker', t.relname);
    ELSIF t.relname = ANY (%(read_only)s) THEN
      EXECUTE format('REVOKE ALL ON %%I FROM ediary_web, ediary_worker', t.relname);
      EXECUTE format('GRANT SELECT ON %%I TO ediary_web, ediary_worker', t.relname);
    ELSIF t.relname = ANY (%(worker_adds)s) THEN
      EXECUTE format('REVOKE ALL ON %%I FROM ediary_web, ediary_worker', t.relname);
      EXECUTE format('GRANT SELECT ON %%I TO ediary_web', t.relname);
      EXECUTE format('GRANT SELECT, INSERT ON %%I TO ediary_worker', t.relname);
    ELSIF t.relname = ANY (%(append_only)s) THEN
      EXECUTE format('REVOKE ALL ON %%I FROM ediary_web, ediary_worker', t.relname);
      EXECUTE format('GRANT SELECT, INSERT ON %%I TO ediary_web, ediary_worker', t.relname);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %%I TO ediary_web, ediary_worker', t.relname);
    END IF;
  END LOOP;
END $$
"""


def connect() -> None:
    """Grant after every migrate: the signal comes when all tables are there."""
    post_migrate.connect(grant, dispatch_uid="people.grants")


def grant(
    sender: AppConfig, using: str = DEFAULT_DB_ALIAS, plan: Sequence[Any] = (), **kwargs: object
) -> None:
    """Give the web and worker roles their rights; partitions and sequences of others are left out."""
    if sender.name != "people":
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'ediary_web'")
        if cursor.fetchone() is None:
            return
        database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        arrays = {
            "read_only": "ARRAY[" + ",".join(f"'{name}'" for name in READ_ONLY) + "]::text[]",
            "append_only": "ARRAY[" + ",".join(f"'{name}'" for name in APPEND_ONLY) + "]::text[]",
            "worker_adds": "ARRAY[" + ",".join(f"'{name}'" for name in WORKER_ADDS) + "]::text[]",
        }
        cursor.execute(_GRANT.format(database=database) % arrays)
