"""F13: schemathesis finds no 5xx and no answer outside the schema, whoever asks and whatever for."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ediary.wsgi import application
from tests.cast import Cast

PLACE = Path(__file__).resolve().parents[2] / "schema.yml"
HEADERS = {"Accept-Encoding": "identity"}
SCHEMA = schemathesis.openapi.from_path(PLACE)
SCHEMA.app = application
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALLERS = ("maria", "olya_mother", "nina", "stranger", None)


@pytest.fixture(autouse=True)
def connection_stays_open() -> Iterator[None]:
    """As Django's own client does: the request's end must not close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def known_places(cast: Cast) -> dict[str, str]:
    """Path parameters that lead to something: generated ones hardly ever do."""
    return {
        "course_id": str(cast.courses["algebra"].pk),
        "pupil_id": str(cast.pupils["olya"].pk),
        "monday": "2026-W47",
    }


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_stay_within_the_schema(case: schemathesis.Case, cast: Cast) -> None:
    dice = random.Random(repr(case.path_parameters) + repr(case.body))  # noqa: S311
    if dice.random() < 0.8:
        places = known_places(cast)
        case.path_parameters = {n: places[n] for n in case.path_parameters or {}}
    name = dice.choice(CALLERS)
    if name is not None:
        token, _ = Token.objects.get_or_create(user=cast.user(name))
        case.headers["Authorization"] = f"Token {token.key}"
    case.call_and_validate(headers=HEADERS, checks=CHECKS)


def test_the_check_sees_an_answer_outside_the_schema(cast: Cast) -> None:
    wrong = yaml.safe_load(PLACE.read_text("utf-8"))
    wrong["components"]["schemas"]["ChildLink"]["properties"]["name"] = {"type": "integer"}
    schema = schemathesis.openapi.from_dict(wrong)
    schema.app = application
    case = schema["/api/v1/children/"]["GET"].Case()
    token, _ = Token.objects.get_or_create(user=cast.user("olya_mother"))
    with pytest.raises(FailureGroup):
        case.call_and_validate(
            headers=HEADERS | {"Authorization": f"Token {token.key}"}, checks=CHECKS
        )
