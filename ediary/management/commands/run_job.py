import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.jobs import REGISTER
from ediary import jobs


def moment(text: str) -> datetime:
    """Read an ISO moment; one without a zone is taken in the server's (UTC)."""
    read = datetime.fromisoformat(text)
    return timezone.make_aware(read) if timezone.is_naive(read) else read


class Command(BaseCommand):
    """Runs one periodic job as if it were the given moment."""

    help = "Runs one periodic job as if it were --at and says in one JSON line what it did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="; ".join(sorted(REGISTER)))
        parser.add_argument("--at", type=moment, default=None, help="ISO moment, default now")

    def handle(self, *args: Any, name: str, at: datetime | None, **options: Any) -> None:
        try:
            report = jobs.run(name, now=at or timezone.now())
        except jobs.UnknownJob as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(json.dumps(report, ensure_ascii=False, default=str))
