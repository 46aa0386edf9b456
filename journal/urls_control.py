"""The deputy head: board, remarks, comparisons."""

from django.urls import path, register_converter

from journal.views import control


class LineConverter:
    """What a line of the board stands for."""

    regex = "teacher|class|subject|course"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LineConverter, "line")

urlpatterns = [
    path("control/", control.board, name="board"),
    path("control/<line:by>/<uuid:which>/", control.gaps, name="gaps"),
    path("control/remarks/", control.remarks, name="remarks"),
    path("control/remarks/<uuid:remark_id>/close/", control.close_remark, name="close_remark"),
    path("control/risk/", control.at_risk, name="risk"),
    path("control/averages/", control.compared, name="comparison"),
    path("control/load/", control.load, name="load"),
    path("control/substitutions/", control.substitutions, name="substitutions"),
    path("remarks/", control.own_remarks, name="own_remarks"),
    path("remarks/<uuid:remark_id>/answer/", control.answer_remark, name="answer_remark"),
    path("<uuid:course_id>/history/", control.history, name="history"),
]
