"""The cache holds counters of sign-in attempts: it lives here, so that sign-in works without the broker."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE ediary_cache (
  cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX ediary_cache_expires ON ediary_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_keep_invariants")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE ediary_cache")]
