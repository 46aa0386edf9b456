"""What the diary refuses."""

from common.errors import Invalid, Stale


class PageChanged(Stale):
    """What the guardian saw is not what stands in the diary now."""

    code = "page_changed"
    message = (
        "Пока страница была открыта, в дневнике появились изменения. "
        "Посмотрите ещё раз и нажмите «С дневником ознакомлен»."
    )


class WeekAhead(Invalid):
    code = "week_ahead"
    message = "Эта неделя ещё не началась: ознакомиться можно с текущей и прошедшими."


class NotRepresentative(Invalid):
    code = "not_representative"
    message = "Этот человек не представляет ученика."


class EvidenceMissing(Invalid):
    code = "evidence_missing"
    message = (
        "Укажите, чем подтверждено ознакомление: отрывной корешок, сообщение, запись в дневнике."
    )
