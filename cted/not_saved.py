"""What is answered where nothing can be written: a full disk, or one that may only be read. Readers go on reading."""

import errno
import sqlite3
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus

from visits.exceptions import NothingSaved
from visits.public import views

from .errors import come_again, handler, page_for_anybody

# Seconds after which it may be tried again.
PAUSE = 60
OF_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
# disk_full, io_error, read_only_sql_transaction
OF_POSTGRESQL = {"53100", "58030", "25006"}
OF_FILES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def or_not_saved(page: Callable) -> Callable:
    """An error page, or the one that says that nothing was saved where that is what went wrong."""

    def answer(request, *args, **kwargs):
        # Where none is handed over, it is the one that is being dealt with.
        error = kwargs.get("exception") or sys.exception()
        return not_saved(request) if is_of_disk(error) else page(request, *args, **kwargs)

    return answer


def is_of_disk(error: BaseException | None) -> bool:
    return any(map(is_refused_by_disk, chain(error)))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_refused_by_disk(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        # The low byte is the kind of error, the rest which of its kind.
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in OF_SQLITE
    if isinstance(error, OSError):
        return error.errno in OF_FILES
    return getattr(error, "sqlstate", None) in OF_POSTGRESQL


def not_saved(request):
    """With all that was typed in it, to be sent again as it is; but not where there is a password or a file in it."""
    told = {"error": NothingSaved(), "kept": kept(request), "address": request.get_full_path()}
    return come_again(page_for_anybody(request, "not_saved.html", **told), PAUSE)


def kept(request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    try:
        posted, files = request.POST, request.FILES
    except (OSError, RuntimeError):
        # It was taking the files in that failed.
        return []
    if files or request.path_info.startswith("/accounts/") or any("password" in name for name in posted):
        return []
    return [(name, value) for name, values in posted.lists() for value in values]


# A session that could not be stored comes as a request that cannot be understood.
bad_request = handler(HTTPStatus.BAD_REQUEST, or_not_saved(views.bad_request))
server_error = handler(HTTPStatus.INTERNAL_SERVER_ERROR, or_not_saved(views.server_error))
