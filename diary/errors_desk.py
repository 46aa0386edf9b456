"""What the class teacher's desk refuses."""

from common.errors import Invalid, Stale


class NobodyToRemind(Invalid):
    code = "nobody_to_remind"
    message = "Напоминать некому: выберите представителей, которым сейчас можно отправить письмо."


class AlreadyRecorded(Stale):
    """A slip for what was recorded with another evidence before."""

    code = "already_recorded"
    message = "Ознакомление этого представителя с этой неделей уже внесено."
