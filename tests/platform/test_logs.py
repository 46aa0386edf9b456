"""Log lines: one JSON object, the request's id, nobody's name."""

import json
import logging
import sys

import pytest

from common.tracing import request_id
from ediary.logs import Formatter


def line(record):
    return json.loads(Formatter().format(record))


def record_of(message, *args, name="ediary", exc_info=None, **extra):
    record = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, args, exc_info)
    vars(record).update(extra)
    return record


def test_a_line_carries_the_request_id():
    token = request_id.set("0198-abcd")
    try:
        assert line(record_of("saved"))["request_id"] == "0198-abcd"
    finally:
        request_id.reset(token)
    assert "request_id" not in line(record_of("saved"))


def test_only_listed_extras_are_written():
    written = line(record_of("sent", count=3, email="olya@example.org", person="Оля Иванова"))
    assert written["count"] == 3
    assert "Оля" not in json.dumps(written, ensure_ascii=False)
    assert "olya" not in json.dumps(written)


def test_an_exception_is_named_without_its_text():
    try:
        {}["olya@example.org"]
    except KeyError:
        written = line(record_of("failed", exc_info=sys.exc_info()))
    assert written["error"] == "builtins.KeyError"
    assert written["trace"][0].endswith("test_an_exception_is_named_without_its_text")
    assert "olya" not in json.dumps(written)


def test_a_failed_task_is_named_without_its_text():
    message = "Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s"
    told = {
        "name": "notifications.send",
        "id": "17",
        "description": "raised unexpected",
        "exc": "ValueError('Оля Иванова')",
        "traceback": "Оля Иванова",
    }
    record = record_of(message, name="celery.app.trace")
    record.args = told
    written = line(record)
    assert written["message"] == "Task notifications.send[17] failed"
    assert "Оля" not in json.dumps(written, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "message", "args", "expected"),
    [
        ("django.request", "%s: %s", ("Not Found", "/verify/SECRET"), "Not Found"),
        ("django.security", "Invalid HTTP_HOST header: 'olya'", (), "Suspicious request refused"),
    ],
)
def test_addresses_do_not_enter_the_log(name, message, args, expected):
    assert line(record_of(message, *args, name=name))["message"] == expected
