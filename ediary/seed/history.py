"""The history of what was seeded: as the triggers write it, with the moments of the demo.

The triggers are off while the rows are copied; here their rows are made by one statement a table.
Marks, absences, homework and lessons are recorded from a month back, the rest from the beginning.
"""

from datetime import datetime, timedelta

from django.db import connections

from ediary.seed.entries import Correction
from ediary.seed.load import OWNER

MONTH = timedelta(days=31)

# table, moment, actor, is the past left out
SOURCES = (
    ("journal_mark", "set_at", "set_by_id", True),
    ("journal_absence", "set_at", "set_by_id", True),
    ("journal_homework", "set_at", "set_by_id", True),
    ("journal_absencenote", "set_at", "set_by_id", True),
    ("diary_absencereport", "reported_at", "reported_by_id", True),
    ("journal_periodmark", "set_at", "set_by_id", False),
    ("journal_yearmark", "set_at", "set_by_id", False),
    ("journal_signoff", "signed_at", "signed_by_id", False),
    ("school_lessonchange", "made_at", "made_by_id", True),
    ("consent_decision", "registered_at", "registered_by_id", False),
    ("consent_deliverydeclaration", "registered_at", "registered_by_id", False),
    ("regulation_regulationversion", "made_at", "made_by_id", False),
)

INSERT = """
INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason, table_name, row_id,
                         action, before, after)
SELECT %s, t.school_id, t.{moment}, e.epoch, pg_current_xact_id()::text::bigint, t.{actor}, 'demo', '', '', %s, t.id,
       'I', NULL, to_jsonb(t)
  FROM {table} t, audit_epoch e
 WHERE t.{moment} > %s
 ORDER BY t.{moment}, t.id
"""

# What the deputy head set for the year: a few days before it begins, or just now what is yet to begin.
SETTLED = """
INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason, table_name, row_id,
                         action, before, after)
SELECT %s, t.school_id,
       least((t.since - 3)::timestamp AT TIME ZONE z.time_zone + interval '15 hours', %s), e.epoch,
       pg_current_xact_id()::text::bigint,
       (SELECT p.user_id FROM people_roleassignment r JOIN people_person p ON p.id = r.person_id
         WHERE r.school_id IN (z.id, z.parent_id) AND r.role IN ('deputy_head', 'branch_head', 'head')
         ORDER BY r.role = 'deputy_head' DESC, r.role = 'branch_head' DESC, r.id LIMIT 1),
       'demo', '', '', %s, t.id, 'I', NULL, to_jsonb(t)
  FROM {table} t JOIN people_school z ON z.id = t.school_id, audit_epoch e
 ORDER BY t.since, t.id
"""
SETTINGS = (
    "people_setting", "journal_scale", "journal_workkind", "journal_finalrule", "consent_consenttext",
)  # fmt: skip

# The lesson was planned; its record is a change.
RECORDED = """
INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason, table_name, row_id,
                         action, before, after)
SELECT t.year, t.school_id, t.recorded_at, e.epoch, pg_current_xact_id()::text::bigint, t.recorded_by_id, 'demo', '',
       '', 'school_lesson', t.id, 'U',
       to_jsonb(t) || '{"status": "planned", "recorded_by_id": null, "recorded_at": null}'::jsonb, to_jsonb(t)
  FROM school_lesson t, audit_epoch e
 WHERE t.recorded_at > %s
 ORDER BY t.recorded_at, t.id
"""

FIRST_VALUE = """
UPDATE audit_event SET after = after || jsonb_build_object('value', %s::text, 'score', %s::numeric)
 WHERE table_name = 'journal_mark' AND row_id = %s AND action = 'I'
RETURNING year, school_id, epoch, txid, actor, after
"""
CORRECTED = """
INSERT INTO audit_event (year, school_id, at, epoch, txid, actor, origin, request_id, reason, table_name, row_id,
                         action, before, after)
SELECT a.year, a.school_id, %s, a.epoch, a.txid, a.actor, 'demo', '', 'ошибка при вводе', 'journal_mark', a.row_id,
       'U', a.after, to_jsonb(m)
  FROM audit_event a JOIN journal_mark m ON m.year = a.year AND m.id = a.row_id
 WHERE a.table_name = 'journal_mark' AND a.row_id = %s AND a.action = 'I'
"""


def write(corrections: list[Correction], *, year: int, now: datetime) -> int:
    """Write the history rows; return how many."""
    made = 0
    with connections[OWNER].cursor() as cursor:
        for table, moment, actor, is_recent in SOURCES:
            since = now - MONTH if is_recent else now - timedelta(days=900)
            statement = INSERT.format(table=table, moment=moment, actor=actor)
            cursor.execute(statement, [year, table, since])
            made += int(cursor.rowcount)
        for table in SETTINGS:
            cursor.execute(SETTLED.format(table=table), [year, now, table])
            made += int(cursor.rowcount)
        cursor.execute(RECORDED, [now - MONTH])
        made += int(cursor.rowcount)
        for correction in corrections:
            if correction.at <= now - MONTH:
                continue
            cursor.execute(FIRST_VALUE, [correction.first, correction.first, correction.mark_id])
            later = min(correction.at + timedelta(minutes=25), now)
            cursor.execute(CORRECTED, [later, correction.mark_id])
            made += int(cursor.rowcount)
    return made
