"""The clock of the user's school comes with the identities: pages write its time, not the server's."""

import importlib

from django.db import migrations

BEFORE: str = importlib.import_module("people.migrations.0002_keep_invariants").RULES
FUNCTION = BEFORE[
    BEFORE.index("CREATE FUNCTION app_identities") : BEFORE.index("-- Opens the scope")
]
OLD = FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
NEW = OLD.replace("'today', today,", "'today', today, 'zone', zone,", 1).replace(
    "AS today\n", "AS today, s.time_zone AS zone\n", 1
)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_cache_in_the_database")]

    operations = [migrations.RunSQL(NEW, OLD)]
