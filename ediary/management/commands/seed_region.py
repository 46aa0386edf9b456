from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ediary.seed import load, region, terms


class Command(BaseCommand):
    """Fills the database with many small schools, for tests of size."""

    requires_system_checks = ()
    help = "Makes many small schools: the same data every time. Refuses to run where there are schools."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--schools", type=int, default=10)
        parser.add_argument("--pupils", type=int, default=90, help="pupils of each school")
        parser.add_argument("--stage", choices=sorted(terms.STAGES), default="midterm")
        parser.add_argument("--today", type=date.fromisoformat, help="another day than the stage's")
        parser.add_argument(
            "--until", type=date.fromisoformat, default=terms.ENDS, help="lessons up to this day"
        )
        parser.add_argument("--fresh", action="store_true", help="delete everything first")

    def handle(self, *args: Any, **options: Any) -> None:
        if load.has_schools() and not options["fresh"]:
            raise CommandError("There are schools already. --fresh deletes everything first.")
        region.seed_region(
            now=terms.Moment(
                options["today"] or terms.STAGES[options["stage"]], until=options["until"]
            ),
            count=max(1, options["schools"]),
            pupils=options["pupils"],
            fresh=options["fresh"],
            say=self.stdout.write,
        )
