"""What comes with a request, taken in before Django is asked."""

from io import BytesIO

import pytest

from cted.bodies import PIECE, Bodies


class Open(BytesIO):
    """What a server may hand on: the connection itself, where whoever reads past the end waits for ever."""

    def read(self, size=-1):
        assert 0 <= size <= len(self.getbuffer()) - self.tell(), "waits for what nobody sends"
        return super().read(size)


def taken_in(body, **environ):
    """What the application behind is given, and how long it is said to be; or what is answered in its place."""

    def application(environ, start_response):
        return environ["wsgi.input"].read(), environ["CONTENT_LENGTH"]

    given = {"REQUEST_METHOD": "POST", "PATH_INFO": "/report/", "wsgi.input": body} | environ
    refused = []
    answer = Bodies(application)(given, lambda status, headers: refused.append(status))
    return refused[0] if refused else answer


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 3 * PIECE])
def test_of_a_connection_that_stays_open_only_what_was_announced_is_read(size):
    sent = b"x" * size

    assert taken_in(Open(sent), CONTENT_LENGTH=str(size)) == (sent, str(size))


def test_where_nothing_is_announced_nothing_is_waited_for():
    assert taken_in(Open()) == (b"", "0")


@pytest.mark.parametrize("sent", [b"", b"x", b"x" * PIECE, b"x" * (2 * PIECE - 1)])
def test_what_broke_off_comes_to_nobody(sent):
    assert taken_in(BytesIO(sent), CONTENT_LENGTH=str(2 * PIECE)) == "400 Bad Request"


def test_what_comes_in_pieces_is_refused_because_nobody_tells_of_its_end():
    assert taken_in(BytesIO(b"in pieces"), HTTP_TRANSFER_ENCODING="chunked") == "411 Length Required"
