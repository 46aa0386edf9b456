"""What is refused of «Сообщить об отсутствии»; `details["field"]` names the field of the form."""

from common.errors import Invalid, Refusal


class BadReport(Invalid):
    code = "bad_absence_report"


class ReportAnswered(Refusal):
    """The report waits no more."""

    code = "absence_report_answered"
