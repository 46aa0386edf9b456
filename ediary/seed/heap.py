"""Rows to be loaded: collected by model, then written by COPY through the owner's connection."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Jsonb

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62

Row = dict[str, Any]


class Ids:
    """Version 7 identifiers from a generator of our own: the same seed gives the same ids."""

    def __init__(self, rng: Random, moment: datetime) -> None:
        self._rng = rng
        self._milliseconds = int(moment.timestamp() * 1000)
        self._made = 0

    def new(self) -> UUID:
        self._made += 1
        moment = self._milliseconds + self._made // 256
        bits = self._rng.getrandbits(74)
        return UUID(
            int=moment << 80 | _VERSION_7 | (bits >> 62) << 64 | _VARIANT | bits & (1 << 62) - 1
        )


class Heap:
    """Rows of every table in the order they were added."""

    def __init__(self, ids: Ids, moment: datetime) -> None:
        self.ids = ids
        self.moment = moment
        self.rows: dict[type[models.Model], list[Row]] = {}

    def add(self, model: type[models.Model], **values: Any) -> UUID:
        """Add a row by column names and return its id; columns left out take the field's default."""
        made: UUID = values.get("id") or self.ids.new()
        values["id"] = made
        self.rows.setdefault(model, []).append(values)
        return made

    def of(self, model: type[models.Model]) -> list[Row]:
        return self.rows.get(model, [])

    def count(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def copy(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    rows: Iterable[Row],
    moment: datetime,
) -> int:
    """Write the rows into the model's table by COPY; return how many."""
    fields = [field for field in model._meta.concrete_fields]  # noqa: C416
    columns = [field.attname for field in fields]
    blank = {field.attname: _default(field, moment) for field in fields}
    is_json = {field.attname for field in fields if isinstance(field, models.JSONField)}
    quoted = ", ".join(f'"{field.column}"' for field in fields)
    statement = f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
    made = 0
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(
                [
                    Jsonb(value) if column in is_json else value
                    for column in columns
                    for value in (row.get(column, blank[column]),)
                ]
            )
            made += 1
    return made


def _default(field: "models.Field[Any, Any]", moment: datetime) -> object:
    if getattr(field, "auto_now_add", False):
        return moment
    return None if field.primary_key else field.get_default()
