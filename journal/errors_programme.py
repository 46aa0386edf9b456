"""What plans refuse."""

from common.errors import Invalid, Refusal


class TopicGiven(Refusal):
    code = "topic_given"
    message = "По этой теме уже прошли уроки: её можно изменить, но не удалить."


class ProgrammeFollowed(Refusal):
    code = "programme_followed"
    message = "По этому плану работают курсы: сначала выберите им другой план."


class NothingToMove(Refusal):
    code = "nothing_to_move"
    message = "Дальше двигать некуда."


class WrongPlan(Invalid):
    code = "wrong_plan"
    message = "Такого плана нет. Обновите страницу и повторите."


class TooManyTopics(Refusal):
    code = "too_many_topics"
    message = "В плане не больше 400 тем."
