"""Checks the chain of the append-only history: exit 1 and the first broken link if it was tampered with."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connections

from audit.chain import schools_in_scope
from audit.queries import ChainState, verify


class Command(BaseCommand):
    """Compares every link of every school's chain with the rows that it sealed."""

    help = (
        "Проверить цепочку истории изменений; код 1 и первое нарушенное звено, если её подделали."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--database", default="owner", help="псевдоним соединения")

    def handle(self, *args: object, **options: Any) -> None:
        connection = connections[options["database"]]
        try:
            with schools_in_scope(connection) as schools:
                states = [verify(school, using=connection.alias) for school in schools]
        except ProgrammingError as error:
            raise CommandError(
                "Историю всех школ читают роли владельца и рабочего процесса: "
                "задайте DATABASE_OWNER_URL или PROCESS=worker."
            ) from error
        for state in states:
            self.stdout.write(_line(state))
        broken = [state for state in states if state.trouble]
        if broken:
            raise CommandError(f"История подделана: школа {broken[0].school}, {broken[0].trouble}.")


def _line(state: ChainState) -> str:
    verdict = state.trouble or "цела"
    return (
        f"{state.school}  звеньев {state.links}, строк {state.rows}, "
        f"ещё не запечатано {state.unsealed}, конец цепочки {state.head[:16]}: {verdict}"
    )
