"""Strict readers of the environment: a value that cannot be read stops the start with advice."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class BadEnvironment(SystemExit):
    """The process must not start: a setting is missing or cannot be read."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"Setting {name}: {advice} See .env.example.")


def text(name: str, default: str | None = None) -> str:
    """Return NAME, or the content of the file that NAME_FILE names, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadEnvironment(
                f"{name}_FILE", f"cannot read {path} ({error.strerror})."
            ) from None
    value = os.environ.get(name, default)
    if value is None:
        raise BadEnvironment(name, "is required. Set it in the environment, or a path in ..._FILE.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Return a boolean; anything but 1/true/yes/on and 0/false/no/off stops the start."""
    if name not in os.environ and f"{name}_FILE" not in os.environ:
        return default
    value = text(name).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise BadEnvironment(name, f"must be 1 or 0, not “{value}”.")


def number(name: str, default: int) -> int:
    """Return a whole number, zero or above."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise BadEnvironment(name, f"must be a whole number, not “{value}”.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, default: str | None = None, **options: str) -> dict[str, object]:
    """Return Django's database settings from a postgresql:// address; libpq's options beside it."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise BadEnvironment(name, "must look like postgresql://user:password@host:5432/database.")
    return {
        "ENGINE": "common.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options | dict(parse_qsl(parts.query)),
    }


def email(name: str, default: str) -> dict[str, object]:
    """Return Django's EMAIL_* settings from smtp://user:password@host:port (or smtps, console)."""
    parts = urlsplit(text(name, default))
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise BadEnvironment(
            name, "must look like smtp://user:password@host:25, smtps:// or smtp+tls://."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
    }
