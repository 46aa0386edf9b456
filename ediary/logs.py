"""JSON log lines with the request's id and without personal data.

What an exception says often quotes a row ("Key (email)=(…) already exists"), so a line names
the exception's class, the constraint and the place in the code, never the text.
"""

import logging
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from common.tracing import request_id

# The only extra fields that a line may carry.
ALLOWED = ("event", "method", "route", "status", "milliseconds", "bytes", "job", "task", "count")


class Formatter(JsonFormatter):
    """Writes one JSON object a line."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
        }
        if known := request_id.get():
            line["request_id"] = known
        line |= {name: vars(record)[name] for name in ALLOWED if name in vars(record)}
        if record.exc_info and record.exc_info[1]:
            line |= failure(record.exc_info[1], record.exc_info[2])
        return self.serialize_log_record(line)


def message(record: logging.LogRecord) -> str:
    """Return the message; of a failure only the fixed part, its arguments may quote a row."""
    if isinstance(record.args, Mapping) and "exc" in record.args:  # Celery's own lines
        return f"Task {record.args.get('name')}[{record.args.get('id')}] failed"
    if record.name.startswith("django.security"):
        return "Suspicious request refused"
    if record.name == "django.request":  # "Not Found: /address": the address stays out
        return record.getMessage().partition(":")[0]
    if record.exc_info and record.exc_info[1]:
        return str(record.msg)
    return record.getMessage()


def failure(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    """Return what went wrong and where, without the exception's text."""
    frames = traceback.extract_tb(trace)[-12:]
    told: dict[str, Any] = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or error.__context__
    if cause is not None:
        told["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    diagnostics = getattr(cause, "diag", None) or getattr(error, "diag", None)
    if constraint := getattr(diagnostics, "constraint_name", None):
        told["constraint"] = constraint
    return told
