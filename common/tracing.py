"""The id of the request at hand, for the log, the history and the answer."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
