"""How a message leaves the house. An adapter a channel; each says what it guarantees.

E-mail: at least once. A copy carries the same Message-ID, which mailboxes may fold into one.
"""

import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications.errors import Refused, Unavailable


@dataclass(frozen=True, slots=True)
class Letter:
    """What the recipient reads."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter on its way: `message_id` is the same at every try."""

    message_id: UUID
    address: str
    letter: Letter


class Channel(Protocol):
    """Sends one parcel; answers with the gateway's own id. Raises Refused, Unavailable."""

    name: str

    def send(self, parcel: Parcel) -> str: ...

    def close(self) -> None: ...


class Email:
    """SMTP by Django's backend; one connection serves a batch."""

    name = "email"

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, parcel: Parcel) -> str:
        message = as_email(parcel)
        try:
            if self._connection is None:
                connection = get_connection()
                connection.open()
                self._connection = connection
            message.connection = self._connection
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if is_final(error):
                raise Refused(reason(error)) from error
            raise Unavailable(reason(error)) from error
        return str(message.extra_headers["Message-ID"])

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def as_email(parcel: Parcel) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=parcel.letter.subject,
        body=parcel.letter.text,
        to=[parcel.address],
        headers={
            "Message-ID": message_id(parcel.message_id),
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(parcel.letter.html, "text/html")
    return message


def message_id(message: UUID) -> str:
    """«<outbox-…@school.example>»: made of the row's id, so a second copy names itself the same."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<outbox-{message}@{domain or 'localhost'}>"


def is_final(error: Exception) -> bool:
    """Whether the server said that it will never take the message (a 5xx answer)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    # A refused sign-in is our own misconfiguration: somebody mends it, the message waits.
    if isinstance(
        error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
    ):
        return False
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def reason(error: Exception) -> str:
    """Say what happened without the address, which servers repeat in their answers."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()


def channels() -> dict[str, Channel]:
    """Return an adapter of every channel that works here."""
    return {channel.name: channel for channel in (Email(),)}
