"""Django's PostgreSQL backend, with a cheaper look at whether an open connection still lives."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Ask the socket first: every request asks, and a server that is gone has closed it.

        Nothing to read on the socket means that the server has neither closed it nor said why it is
        about to. Anything to read may be a farewell or a mere notice: then Django asks by a statement.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return True if not poll.poll(0) else bool(super().is_usable())
