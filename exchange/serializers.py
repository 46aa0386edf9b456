"""What the API reads and writes: the dataclasses of the pages, field by field."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers
from rest_framework_dataclasses.serializers import DataclassSerializer

from diary import pages
from journal import sheet


class SchoolTime(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Lesson times are the school's own: «08:30:00», without a zone."""

    target_class = "rest_framework.fields.TimeField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, str]:
        return {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"}


class ChildSerializer(DataclassSerializer[pages.ChildLink]):
    class Meta:
        dataclass = pages.ChildLink


class WeekSerializer(DataclassSerializer[pages.Week]):
    class Meta:
        dataclass = pages.Week


class MarksSerializer(DataclassSerializer[pages.MarksPage]):
    class Meta:
        dataclass = pages.MarksPage


class FinalsSerializer(DataclassSerializer[pages.Finals]):
    class Meta:
        dataclass = pages.Finals


class AcknowledgementStateSerializer(DataclassSerializer[pages.AcknowledgementState]):
    class Meta:
        dataclass = pages.AcknowledgementState


class TeacherDaySerializer(DataclassSerializer[sheet.TeacherDay]):
    class Meta:
        dataclass = sheet.TeacherDay


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """`version` is the week's or the finals' own: it says what was seen."""

    section = serializers.ChoiceField(choices=["timetable", "finals"])
    version = serializers.CharField(max_length=64)


class SignInSerializer(serializers.Serializer[Any]):
    login = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)


class ColumnSerializer(DataclassSerializer[sheet.Column]):
    class Meta:
        dataclass = sheet.Column


class CellSerializer(serializers.Serializer[Any]):
    """One cell by the grammar of the grid: «5», «4/5», «2→4», «•» (owed), «н», «о 5»."""

    lesson = serializers.UUIDField()
    value = serializers.CharField()
    rev = serializers.IntegerField()


class RowSerializer(serializers.Serializer[Any]):
    """One pupil; only cells in which something stands."""

    pupil_id = serializers.UUIDField()
    name = serializers.CharField()
    average = serializers.CharField(allow_blank=True)
    weighted = serializers.CharField(allow_blank=True)
    period_mark = serializers.CharField(allow_blank=True)
    cells = CellSerializer(many=True)


class PeriodHeadSerializer(DataclassSerializer[sheet.PeriodHead]):
    class Meta:
        dataclass = sheet.PeriodHead


class SheetSerializer(serializers.Serializer[Any]):
    course_id = serializers.UUIDField()
    title = serializers.CharField()
    period = PeriodHeadSerializer()
    can_edit = serializers.BooleanField()
    allowed = serializers.ListField(child=serializers.CharField())
    columns = ColumnSerializer(many=True)
    rows = RowSerializer(many=True)


class CellEntrySerializer(serializers.Serializer[Any]):
    """A cell's whole new text and the revision that it was typed over (0: empty)."""

    pupil = serializers.UUIDField()
    lesson = serializers.UUIDField()
    value = serializers.CharField(allow_blank=True, max_length=40)
    rev = serializers.IntegerField(min_value=0, max_value=2**63 - 1)


class CellsSerializer(serializers.Serializer[Any]):
    """`op` is made by the client: a repeat of the same request gets the first answer.

    `reason` says why marks that have stood for days are changed; without it their state is «reason».
    """

    op = serializers.UUIDField()
    cells = serializers.ListField(child=CellEntrySerializer(), max_length=200)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class CellAnswerSerializer(serializers.Serializer[Any]):
    pupil = serializers.UUIDField()
    lesson = serializers.UUIDField()
    state = serializers.ChoiceField(
        choices=["ok", "conflict", "locked", "invalid", "forbidden", "gone", "reason"]
    )
    value = serializers.CharField(allow_blank=True)
    rev = serializers.IntegerField()
    author = serializers.CharField(allow_blank=True)
    at = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)


class AverageSerializer(serializers.Serializer[Any]):
    average = serializers.CharField(allow_blank=True)
    weighted = serializers.CharField(allow_blank=True)


class SaveAnswerSerializer(serializers.Serializer[Any]):
    op = serializers.UUIDField()
    saved_at = serializers.CharField()
    cells = CellAnswerSerializer(many=True)
    averages = serializers.DictField(child=AverageSerializer(), help_text="by the pupil's id")


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457, with the refusal's code."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    details = serializers.JSONField(required=False)
