"""What the actions on the texts of consents refuse."""

from common.errors import Invalid, Refusal


class TextNotLater(Invalid):
    code = "text_not_later"
    message = "Новая редакция начинается позже последней из записанных."


class TextInPast(Invalid):
    code = "text_in_past"
    message = (
        "Новая редакция начинается сегодня или позже: подписанное раньше подписано по прежней."
    )


class TextTooFar(Invalid):
    code = "text_too_far"
    message = "Новая редакция начинается в этом учебном году или в двух следующих: проверьте год."


class TextIncomplete(Invalid):
    code = "text_incomplete"
    message = "Согласие без обязательных сведений закон не признаёт: заполните все поля."


class TextTooLong(Invalid):
    code = "text_too_long"
    message = "Согласие печатают на одной странице: сократите текст."


class TextStands(Refusal):
    code = "text_stands"
    message = "Отменить можно только редакцию, которая ещё не начала действовать и которую никто не подписал."
