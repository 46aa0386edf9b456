"""Health, metrics and the one line a request: answered without session, scope or names."""

import json
import logging

import pytest
from django.db import DatabaseError
from django.http import HttpResponse

from ediary import health
from ediary.middleware import RequestLogMiddleware
from ediary.settings import MIDDLEWARE  # noqa: TID251  the order itself is the subject


@pytest.fixture
def away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def test_healthz_needs_neither_database_nor_known_host(client):
    response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_health_stands_before_everything_that_asks_the_database():
    assert MIDDLEWARE[:3] == [
        "ediary.middleware.ClientAddressMiddleware",  # the log and the limits name the client
        "ediary.middleware.RequestLogMiddleware",
        "ediary.health.HealthMiddleware",
    ]


@pytest.mark.django_db
def test_readyz_names_its_parts(client):
    response = client.get("/readyz")
    assert response.json() == {"database": "ok", "broker": "ok", "migrations": "ok"}
    assert response.status_code == 200


@pytest.mark.django_db
def test_readyz_says_that_the_broker_is_away(client, away):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] == "away"
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_readyz_says_that_migrations_are_behind(client, monkeypatch):
    wanted = health.wanted_migrations() | {("people", "9999_not_applied")}
    monkeypatch.setattr(health, "wanted_migrations", lambda: wanted)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "behind")


def test_readyz_says_that_the_database_is_away(client, monkeypatch):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert response.json()["migrations"] == "unknown"


def test_writing_to_a_health_address_is_refused(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_metrics_ask_for_the_token(client, settings):
    settings.METRICS_TOKEN = "abc"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer abd"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer abc"}).status_code == 200


def test_metrics_do_not_exist_without_a_token_outside_the_demo(client, settings):
    settings.METRICS_TOKEN, settings.DEMO = "", False
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_metrics_count_requests_by_route(client, settings):
    settings.METRICS_TOKEN = "abc"
    client.get("/healthz")
    page = client.get("/metrics", headers={"authorization": "Bearer abc"}).content.decode()
    counted = 'ediary_http_requests_total{method="GET",route="/healthz",status="200"}'
    assert counted in page
    assert "ediary_broker_up 1.0" in page


@pytest.mark.django_db
def test_metrics_live_without_the_broker(client, settings, away):
    settings.METRICS_TOKEN = "abc"
    page = client.get("/metrics", headers={"authorization": "Bearer abc"})
    assert "ediary_broker_up 0.0" in page.content.decode()


def test_a_request_keeps_the_id_of_the_proxy(client):
    response = client.get("/healthz", headers={"x-request-id": "abcdef-0123456789"})
    assert response["X-Request-ID"] == "abcdef-0123456789"


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, "Оля Иванова!", 'x"} {"a":"'])
def test_an_unfit_request_id_is_replaced(rf, sent):
    request = rf.get("/", HTTP_X_REQUEST_ID=sent)
    response = RequestLogMiddleware(lambda _: HttpResponse())(request)
    assert response["X-Request-ID"] == request.request_id
    assert len(request.request_id) == 36


def test_the_line_of_a_request_names_the_route_not_the_address(rf, caplog):
    with caplog.at_level(logging.INFO, logger="ediary.access"):
        RequestLogMiddleware(lambda _: HttpResponse("abc"))(rf.get("/verify/S3CRET?name=Olya"))
    (record,) = caplog.records
    fields = {name: vars(record)[name] for name in ("method", "route", "status", "bytes")}
    assert fields == {"method": "GET", "route": "unknown", "status": 200, "bytes": 3}
    assert "S3CRET" not in json.dumps(vars(record), default=str)
