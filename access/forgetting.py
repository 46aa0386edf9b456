"""What this app and those below hold of a person's credentials and contacts, and how it is destroyed."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from rest_framework.authtoken.models import Token

from access.destruction import Leaver, forgets
from access.models import EntryCode
from consent.actions.forgetting import forget_contacts


def register() -> None:
    """Importing this module registers the kinds; the call keeps the import honest."""


@forgets("Логин, пароль, почта учётной записи, время последнего входа", "people.User")
def forget_credentials(leaver: Leaver) -> int:
    """Take out of the account all that names a person; the row stays for the history's sake."""
    user = leaver.account
    if user is None:
        return 0
    user.login = f"removed-{user.pk.hex}"
    user.email = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save(update_fields=["login", "email", "is_active", "last_login", "password"])
    return 1


@forgets("Сеансы и устройства", "usersessions.UserSession", "sessions.Session")
def forget_sessions(leaver: Leaver) -> int:
    if leaver.account is None:
        return 0
    sessions = list(UserSession.objects.filter(user=leaver.account).order_by("pk"))
    for session in sessions:
        session.end()
    return len(sessions)


@forgets("Ключи доступа для программ", "authtoken.Token")
def forget_tokens(leaver: Leaver) -> int:
    return Token.objects.filter(user=leaver.account).delete()[0] if leaver.account else 0


@forgets("Коды первого входа", "access.EntryCode")
def forget_codes(leaver: Leaver) -> int:
    return EntryCode.objects.filter(user=leaver.account).delete()[0] if leaver.account else 0


@forgets("Средства второго шага входа", "mfa.Authenticator")
def forget_second_step(leaver: Leaver) -> int:
    return Authenticator.objects.filter(user=leaver.account).delete()[0] if leaver.account else 0


@forgets("Адреса почты для входа", "account.EmailAddress", "account.EmailConfirmation")
def forget_addresses(leaver: Leaver) -> int:
    return EmailAddress.objects.filter(user=leaver.account).delete()[0] if leaver.account else 0


@forgets("Контакты: телефоны, почта, мессенджеры", "consent.Contact")
def forget_agreed_contacts(leaver: Leaver) -> int:
    return forget_contacts(person=leaver.person, today=leaver.today, keep=leaver.keeps)
