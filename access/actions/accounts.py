"""Codes for the first entry, blocking and unblocking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.crypto import constant_time_compare
from rest_framework.authtoken.models import Token

from access import policy, tries
from access.actions.administrators import keep_one
from access.codes import LIVES_DAYS, digest_of, new_code
from access.errors import (
    AccountBlocked,
    AccountBlockedAlready,
    AccountNotBlocked,
    AccountRemoved,
    LoginTaken,
    NoAccount,
    OwnAccount,
    SharedAccount,
    TooManyTries,
    WrongCode,
)
from access.logins import free_login
from access.models import EntryCode, Removal, RemovalState
from access.queries import live_codes
from common.errors import require
from people.models import Person, User
from people.roles import Permission


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for a person, once: the code is not kept anywhere."""

    full_name: str
    login: str
    code: str
    expires_at: datetime


@transaction.atomic
def issue_code(*, by: User, person: Person, now: datetime) -> Slip:
    """Make a one-time code (and the account, if there is none); codes issued before stop working.

    Raises AccountBlocked, AccountRemoved after schooling ended, and SharedAccount for an account
    that opens another school too: its administrator alone must not get in there.
    """
    require(policy.can_issue(by, person))
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    user = person.user
    if user is None:
        if _is_removed(person, now):
            raise AccountRemoved
        user = User(login=free_login(person))
        user.set_unusable_password()
        user.save()
        person.user = user
        person.save(update_fields=["user"])
    if not user.is_active:
        raise AccountBlocked
    issues = by.schools_with(Permission.CREDENTIALS_ISSUE)
    if any(identity.school_id not in issues for identity in user.identities):
        raise SharedAccount
    live_codes(user, now).update(voided_at=now)
    code = new_code()
    expires_at = now + timedelta(days=LIVES_DAYS)
    EntryCode.objects.create(
        user=user, digest=digest_of(code), issued_at=now, issued_by=by, expires_at=expires_at
    )
    return Slip(person.full_name, user.login, code, expires_at)


def _is_removed(person: Person, now: datetime) -> bool:
    """Schooling ended and nothing else holds the person at the school."""
    holds = person.roles.in_force(person.school.local_date(now)).exists()
    return not holds and Removal.objects.filter(person=person, state=RemovalState.REMOVED).exists()


def check_code(*, login: str, code: str, source: str, now: datetime) -> EntryCode:
    """Find the live code of the account; `source` is the address of whoever asks.

    Raises WrongCode, and TooManyTries after five wrong tries for this login from this address, right or
    wrong. A wrong try must be remembered although it is refused: call it outside a transaction.
    """
    user = User.objects.filter(login__iexact=login.strip(), is_active=True).first()
    with transaction.atomic():
        live = live_codes(user, now).select_for_update(of=("self",)).first() if user else None
        if tries.must_wait(login=login, source=source, now=now):
            raise TooManyTries
        if live is not None and constant_time_compare(live.digest, digest_of(code)):
            return live
        tries.remember(login=login, source=source, now=now)
        if live is not None:
            live.failures += 1
            live.save(update_fields=["failures"])
    raise WrongCode


@transaction.atomic
def use_code(*, entry: EntryCode, password: str, now: datetime, login: str = "") -> User:
    """Set the password (and the login, if the person wants another) and use the code up.

    Every session and key of the account ends. Raises WrongCode and LoginTaken.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=entry.user_id)
    live = live_codes(user, now).select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if live is None or not user.is_active:
        raise WrongCode
    if login and login.lower() != user.login.lower():
        if User.objects.filter(login__iexact=login).exclude(pk=user.pk).exists():
            raise LoginTaken
        user.login = login
    user.set_password(password)
    user.password_temporary = False
    user.save(update_fields=["login", "password", "password_temporary"])
    live.used_at = now
    live.save(update_fields=["used_at"])
    end_sessions(user)
    return user


@transaction.atomic
def block(*, by: User, person: Person, now: datetime) -> User:
    """Close the account at once: sessions, keys and codes end, sign-in is refused.

    Raises NoAccount, OwnAccount, AccountBlockedAlready and LastAdministrator.
    """
    require(policy.can_block(by, person))
    user = _locked_user(person)
    if user.pk == by.pk:
        raise OwnAccount
    if not user.is_active:
        raise AccountBlockedAlready
    keep_one(person, today=person.school.local_date(now))
    user.is_active = False
    user.blocked_by, user.blocked_at = by, now
    user.save(update_fields=["is_active", "blocked_by", "blocked_at"])
    live_codes(user, now).update(voided_at=now)
    end_sessions(user)
    return user


@transaction.atomic
def unblock(*, by: User, person: Person) -> User:
    """Open the account again. Raises NoAccount and AccountNotBlocked."""
    require(policy.can_block(by, person))
    user = _locked_user(person)
    if user.blocked_at is None:
        raise AccountNotBlocked
    user.is_active = True
    user.blocked_by = user.blocked_at = None
    user.save(update_fields=["is_active", "blocked_by", "blocked_at"])
    return user


def end_sessions(user: User) -> None:
    """Sign the account out everywhere and take back the keys of its machines."""
    for session in UserSession.objects.filter(user=user).order_by("pk"):
        session.end()
    Token.objects.filter(user=user).delete()


def _locked_user(person: Person) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(persons=person).first()
    if user is None:
        raise NoAccount
    return user
