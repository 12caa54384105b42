"""What is logged: a line for people at a terminal, or an object a line for machines. Both name the request.

Of a request only what is listed here is written: no query string (what somebody searched for), no form, no cookie, no
header. Whose it is stands there for staff alone; addresses of readers are kept nowhere.
"""

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime

# The request that is being answered by this thread.
current: ContextVar = ContextVar("current", default=None)
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")


def new_id() -> str:
    return secrets.token_hex(8)


def id_of(given: str, is_behind_proxy: bool) -> str:
    """The number that the proxy in front has for a request, or else one of our own."""
    return given if is_behind_proxy and WELL_FORMED.fullmatch(given) else new_id()


def told_of(request) -> dict:
    told = {"request_id": request.request_id, "method": request.method, "path": request.path_info}
    # Once somebody has asked who it is: a line of a log is no reason to.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.pk:
        told["user"] = user.pk
    return told


class InRequest(logging.Filter):
    def filter(self, record) -> bool:
        # Django tells of refusals when the request has passed every middleware, and hands it over.
        request = current.get() or getattr(record, "request", None)
        record.told = told_of(request) if hasattr(request, "request_id") else {}
        record.request_id = record.told.get("request_id", "-")
        return True


class JSON(logging.Formatter):
    def format(self, record) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **record.told,
            # Of what is logged with a message, these alone: the rest may hold anything.
            **{name: getattr(record, name) for name in ("status_code", "duration", "client") if hasattr(record, name)},
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)
