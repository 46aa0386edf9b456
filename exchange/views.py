"""The API: the pages' own queries and actions, answered as JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.errors import require
from diary import actions as diary_actions
from diary import queries as diary
from diary.models import Section
from exchange import actions
from exchange import serializers as shapes
from exchange.documentation import operations
from exchange.throttles import SignInThrottle
from journal import actions as journal_actions
from journal import queries as journal
from journal.policy import can_open_day
from journal.sheet import CellEntry, Sheet
from people.models import User
from people.roles import STAFF

View = TypeVar("View", bound=Callable[..., Any])
PROBLEMS = {
    (status, "application/problem+json"): shapes.ProblemSerializer
    for status in (400, 401, 403, 404, 405, 406, 409, 415, 422, 429)
}
PERIOD = OpenApiParameter("period", UUID, description="Отчётный период; без него текущий.")


def documented(
    answer: type[BaseSerializer[Any]] | BaseSerializer[Any], **more: Any
) -> Callable[[View], View]:
    """Describe an operation: its answer, and the problems that any may answer with."""
    describe: Callable[[View], View] = extend_schema(responses={200: answer, **PROBLEMS}, **more)
    return describe


@documented(shapes.TokenSerializer, request=shapes.SignInSerializer, auth=[])
@api_view(["POST"])
@permission_classes([AllowAny])
@throttle_classes([SignInThrottle])
def token(request: Request) -> Response:
    """Выдать ключ доступа по логину и паролю."""
    asked = _read(shapes.SignInSerializer, request)
    key = actions.issue_token(
        request=request._request,  # noqa: SLF001 - allauth counts attempts by Django's request
        login=asked["login"],
        password=asked["password"],
    )
    return Response({"token": key.key})


@documented(shapes.ChildSerializer(many=True))
@api_view()
def children(request: Request) -> Response:
    """Дети, дневник которых открыт."""
    return Response(shapes.ChildSerializer(diary.children(_user(request)), many=True).data)


@documented(shapes.WeekSerializer)
@api_view()
def week(request: Request, pupil_id: UUID, monday: date) -> Response:
    """Неделя: то же, что раздел «Расписание»."""
    found = _opened(request, pupil_id)
    page = diary.week(found.pupil, monday, user=_user(request), now=timezone.now())
    return Response(shapes.WeekSerializer(page).data)


@documented(shapes.MarksSerializer, parameters=[PERIOD])
@api_view()
def marks(request: Request, pupil_id: UUID) -> Response:
    """Отметки за период по предметам."""
    pupil = _opened(request, pupil_id).pupil
    page = diary.marks(pupil, now=timezone.now(), period=_period(request), with_forecast=True)
    return Response(shapes.MarksSerializer(page).data)


@documented(shapes.FinalsSerializer)
@api_view()
def finals(request: Request, pupil_id: UUID, monday: date) -> Response:
    """Итоговые оценки и ознакомление с ними на неделе."""
    found = _opened(request, pupil_id)
    page = diary.finals(found.pupil, monday, user=_user(request), now=timezone.now())
    return Response(shapes.FinalsSerializer(page).data)


@documented(shapes.AcknowledgementStateSerializer, request=shapes.AcknowledgeSerializer)
@api_view(["POST"])
def acknowledge(request: Request, pupil_id: UUID, monday: date) -> Response:
    """«С дневником ознакомлен»."""
    asked = _read(shapes.AcknowledgeSerializer, request)
    pupil = _opened(request, pupil_id).pupil
    page = diary_actions.acknowledge(
        by=_user(request), pupil_id=pupil.pk, section=Section(asked["section"]), week=monday,
        version=asked["version"], now=timezone.now(),
    )  # fmt: skip
    return Response(shapes.AcknowledgementStateSerializer(page.acknowledgement).data)


@documented(shapes.TeacherDaySerializer, parameters=[OpenApiParameter("day", date)])
@api_view()
def lessons(request: Request) -> Response:
    """Уроки учителя за день и то, что не заполнено."""
    user = _user(request)
    if not user.has_role(*STAFF):
        raise Http404
    require(can_open_day(user))
    page = journal.teacher_day(user, _day(request) or user.today, now=timezone.now())
    return Response(shapes.TeacherDaySerializer(page).data)


@documented(shapes.SheetSerializer, parameters=[PERIOD])
@api_view()
def sheet(request: Request, course_id: UUID) -> Response:
    """Журнал курса за период."""
    user = _user(request)
    page = journal.sheet(user, course_id, _period(request), today=user.today)
    return Response(shapes.SheetSerializer(_filled(page)).data)


@documented(shapes.SaveAnswerSerializer, request=shapes.CellsSerializer)
@api_view(["POST"])
def cells(request: Request, course_id: UUID) -> Response:
    """Записать клетки журнала."""
    user = _user(request)
    asked = _read(shapes.CellsSerializer, request)
    course = journal.course_facts(user, course_id, today=user.today)
    entries = tuple(
        CellEntry(cell["pupil"], cell["lesson"], value=cell["value"], rev=cell["rev"])
        for cell in asked["cells"]
    )
    answer = journal_actions.save_cells(
        by=user, course=course, op=asked["op"], entries=entries, now=timezone.now(),
        reason=" ".join(asked["reason"].split()),
    )  # fmt: skip
    return Response(answer.told)


def _user(request: Request) -> User:
    return cast("User", request.user)


def _read(shape: type[BaseSerializer[Any]], request: Request) -> Mapping[str, Any]:
    """Return what was sent, validated; anything else is answered 422."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    valid: Mapping[str, Any] = form.validated_data
    return valid


def _opened(request: Request, pupil_id: UUID) -> diary.Opened:
    found = diary.opened(_user(request), pupil_id, now=timezone.now())
    if found is None:
        raise Http404
    return found


def _period(request: Request) -> UUID | None:
    text = request.query_params.get("period")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def _day(request: Request) -> date | None:
    text = request.query_params.get("day")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Http404 from None


def _filled(page: Sheet) -> dict[str, object]:
    """Return the sheet without its empty cells."""
    rows = [
        {
            "pupil_id": row.pupil_id,
            "name": row.name,
            "average": row.average,
            "weighted": row.weighted,
            "period_mark": row.period_mark,
            "cells": [
                {"lesson": column.lesson_id, "value": value, "rev": rev}
                for column, (value, rev, _flags) in zip(page.columns, row.cells, strict=True)
                if value
            ],
        }
        for row in page.rows
    ]
    names = ("course_id", "title", "period", "can_edit", "allowed", "columns")
    return {name: getattr(page, name) for name in names} | {"rows": rows}


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Describe the API for people: made from the schema, no script needed."""
    return render(request, "exchange/docs.html", {"operations": operations()})
