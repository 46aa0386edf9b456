from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ediary.seed import cast, demo, load, schools, terms


class Command(BaseCommand):
    """Fills the database with the demo schools of 2026/27."""

    requires_system_checks = ()
    help = (
        "Makes the demo schools: the same data every time. Refuses to run where there are schools."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=sorted(terms.STAGES), default="midterm")
        parser.add_argument("--today", type=date.fromisoformat, help="another day than the stage's")
        parser.add_argument(
            "--until", type=date.fromisoformat, default=terms.ENDS, help="lessons up to this day"
        )
        parser.add_argument("--classes", type=int, default=len(schools.FORM_ORDER))
        parser.add_argument("--pupils", type=int, help="pupils of the town school (25 a class)")
        parser.add_argument("--fresh", action="store_true", help="delete everything first")
        parser.add_argument(
            "--accounts", type=Path, default=settings.VAR / "demo" / "accounts.json"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are schools"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if load.has_schools() and not options["fresh"]:
            if options["if_empty"]:
                return
            raise CommandError("There are schools already. --fresh deletes everything first.")
        classes = max(1, min(options["classes"], len(schools.FORM_ORDER)))
        now = terms.Moment(
            options["today"] or terms.STAGES[options["stage"]], until=options["until"]
        )
        accounts = demo.seed_demo(
            now=now, forms=classes, pupils=options["pupils"] or classes * 25, fresh=options["fresh"],
            say=self.stdout.write,
        )  # fmt: skip
        cast.write(accounts, options["accounts"])
