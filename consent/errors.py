"""What the actions on consents, declarations and contacts refuse."""

from common.errors import Invalid, Refusal


class NotARepresentative(Invalid):
    code = "not_a_representative"
    message = "Решение принимает законный представитель ученика или сам ученик с 18 лет."


class SchoolingEnded(Refusal):
    code = "schooling_ended"
    message = "Обучение закончено: доступ к дневнику больше не открывают."


class NothingToWithdraw(Refusal):
    code = "nothing_to_withdraw"
    message = "Отозвать можно только действующее согласие."


class DecidedInFuture(Invalid):
    code = "decided_in_future"
    message = "Дата документа ещё не наступила."


class SubstituteNotAllowed(Invalid):
    code = "substitute_not_allowed"
    message = "Регламент школы не допускает такую замену распечатки."


class TransferFormNotAllowed(Invalid):
    code = "transfer_form_not_allowed"
    message = "Регламент школы не принимает контакты таким способом."


class ContactKnown(Refusal):
    code = "contact_known"
    message = "Этот контакт уже записан."


class ContactEnded(Refusal):
    code = "contact_ended"
    message = "Этот контакт больше не используется."
