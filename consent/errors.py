"""What the actions on consents, declarations and contacts refuse."""

from collections.abc import Mapping

from common.errors import Invalid, Refusal


class NotARepresentative(Invalid):
    code = "not_a_representative"
    message = (
        "Решение принимает законный представитель ученика, а с возраста, который установила школа, "
        "и сам ученик."
    )


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


class WrittenContactsOnly(Invalid):
    code = "written_contacts_only"
    message = (
        "Регламент школы принимает контакты только письменно: передайте заявление классному"
        " руководителю."
    )


class TooManyContacts(Refusal):
    code = "too_many_contacts"
    message = "Контактов уже много: сначала уберите те, которыми не пользуетесь."


class ContactGivenLater(Invalid):
    code = "contact_given_later"
    message = "Дата, когда передан контакт, ещё не наступила."


class ContactVerified(Refusal):
    code = "contact_verified"
    message = "Этот контакт уже проверен."


class CodeNotSendable(Invalid):
    code = "code_not_sendable"
    message = (
        "На телефон и в мессенджер школа пока не присылает кодов: такой контакт проверяет"
        " классный руководитель, например по звонку."
    )


class CodeJustSent(Refusal):
    code = "code_just_sent"
    status = 429
    message = "Код отправлен меньше минуты назад. Подождите минуту и попробуйте снова."


class TooManyCodes(Refusal):
    code = "too_many_codes"
    status = 429
    message = "За сутки отправлено слишком много кодов. Попробуйте завтра."


class CodeOver(Refusal):
    code = "code_over"
    message = "Код больше не действует. Запросите новый."


class WrongContactCode(Invalid):
    code = "wrong_contact_code"
    message = "Код не подходит. Проверьте цифры из последнего письма."


class UseNotForKind(Invalid):
    code = "use_not_for_kind"
    message = "Такой контакт для этого не подходит: SMS приходит только на телефон, сводка и напоминания — на почту или в мессенджер."


class SmsNotApplied(Invalid):
    code = "sms_not_applied"
    message = "SMS присылают по заявлению: сначала запишите заявление на SMS."


class ApplicationKnown(Refusal):
    code = "application_known"
    message = "Заявление на SMS уже записано и действует."


class ApplicationEnded(Refusal):
    code = "application_ended"
    message = "Действие этого заявления уже прекращено."


class AppliedInFuture(Invalid):
    code = "applied_in_future"
    message = "Дата заявления ещё не наступила."


class StackRefused(Invalid):
    """Rows of a stack cannot be written; `rows` gives the reasons by the key of the row."""

    code = "stack_refused"
    message = "Ничего не записано: исправьте отмеченные строки."

    def __init__(
        self, message: str | None = None, *, rows: Mapping[str, str] | None = None
    ) -> None:
        self.rows = rows or {}
        super().__init__(message)


class DecisionChanged(Refusal):
    code = "decision_changed"
    message = (
        "Решение изменилось, пока вы работали: посмотрите, что теперь записано, и отметьте заново."
    )


class NothingNamed(Invalid):
    code = "nothing_named"
    message = "Напишите, что уничтожено."


class AlreadyDestroyed(Refusal):
    code = "already_destroyed"
    message = "Уничтожение уже записано."


class ConsentGivenAgain(Refusal):
    code = "consent_given_again"
    message = "Согласие дано снова: уничтожать нечего."
