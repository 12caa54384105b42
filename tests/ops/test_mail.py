"""E-mail reaches a real SMTP server: after an outage too, and once."""

import logging
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import make_edition, make_user
from tests.live import free_port
from visits.editorial import actions
from visits.enums import Role, State
from visits.models import Email
from visits.ops.mail import FORGET_AFTER, GIVE_UP_AFTER, send_due

pytestmark = pytest.mark.django_db


class Sink:
    """A mail server on 127.0.0.1 that keeps what it takes, and takes nothing for those it is told to refuse."""

    def __init__(self):
        self.port, self.taken, self.refused = int(free_port()), [], set()

    def __enter__(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def __exit__(self, *exception):
        self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [address for addresses, _message in self.taken for address in addresses]


@pytest.fixture
def sink(settings):
    sink = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_URL, settings.PUBLIC_URL = "smtp://127.0.0.1", "https://visits.example.org"
    settings.DEFAULT_FROM_EMAIL = "register@visits.example.org"
    return sink


def write(*people: str, **fields) -> list[Email]:
    return [Email.objects.create(to=to, subject="A subject", body="A text\n", **fields) for to in people]


def is_due_again():
    """As if the pause were over."""
    Email.objects.exclude(next_try_at=None).update(next_try_at=timezone.now())


def test_what_an_outage_held_up_is_delivered_once(sink):
    author, editor = make_user(email="author@example.org"), make_user(Role.EDITOR, email="editor@example.org")
    actions.submit(make_edition(by=author, title="Visit to Denmark"), by=author, note="Please read it.")

    # Nobody listens there yet.
    assert send_due() == 0
    waiting = Email.objects.get()
    assert (waiting.to, waiting.attempts) == (editor.email, 1)
    assert "ConnectionRefusedError" in waiting.last_error

    with sink:
        assert send_due() == 0, "The pause is not over."
        is_due_again()
        assert [send_due(), send_due()] == [1, 0]

    ((recipients, message),) = sink.taken
    assert recipients == [editor.email]
    assert (message["From"], message["To"]) == ("register@visits.example.org", editor.email)
    assert message["Subject"] == "For review: Visit to Denmark"
    assert message.get_content_type() == "text/plain"
    assert "Reason: Please read it." in message.get_content()
    assert not Email.objects.exists()


def test_each_attempt_comes_later_than_the_one_before_and_carries_the_same_message(sink):
    (email,) = write("editor@example.org")
    pauses = []
    for _attempt in range(12):
        send_due()
        email.refresh_from_db()
        pauses.append(round((email.next_try_at - timezone.now()) / timedelta(minutes=1)))
        is_due_again()

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360]
    with sink:
        send_due()
    ((_recipients, message),) = sink.taken
    assert message["Message-ID"] == f"<{email.pk}.{email.created_at:%Y%m%d%H%M%S%f}@visits.example.org>"


def test_an_address_that_is_refused_keeps_nobody_else_waiting_for_long(sink):
    write("nobody@example.org", "editor@example.org")
    sink.refused.add("nobody@example.org")

    with sink:
        assert [send_due(), send_due()] == [0, 1]

    assert sink.recipients == ["editor@example.org"]
    assert "No such person" in Email.objects.get().last_error


def test_two_senders_never_send_the_same(sink):
    (email,) = write("editor@example.org")
    now = timezone.now()
    other = Email.objects.get()

    assert [email.claim(now), other.claim(now)] == [True, False]


def test_after_days_it_is_given_up_and_told_and_later_forgotten(sink, caplog):
    (email,) = write("editor@example.org", created_at=timezone.now() - GIVE_UP_AFTER - timedelta(hours=1))

    with caplog.at_level(logging.ERROR):
        send_due()

    assert list(Email.objects.given_up()) == [email]
    assert "was given up: ConnectionRefusedError" in caplog.text
    with sink:
        assert send_due() == 0
    Email.objects.update(created_at=timezone.now() - FORGET_AFTER - timedelta(hours=1))
    send_due()
    assert not Email.objects.exists()


def test_a_title_writes_no_line_of_the_header(sink):
    author, editor = make_user(email="author@example.org"), make_user(Role.EDITOR, email="editor@example.org")
    title = "A visit\r\nBcc: everybody@example.org\r\n\r\nBuy this"
    edition = make_edition(by=author)
    type(edition).objects.filter(pk=edition.pk).update(title=title)

    actions.submit(edition, by=author, note="Line one\r\n.\r\nRCPT TO:<everybody@example.org>")
    with sink:
        assert send_due() == 1

    ((recipients, message),) = sink.taken
    assert recipients == [editor.email]
    assert message["Bcc"] is None
    assert message["Subject"] == "For review: A visit Bcc: everybody@example.org Buy this"
    assert "Line one\n.\nRCPT TO" in message.get_content().replace("\r\n", "\n")


def test_the_command_says_what_it_sent_and_what_is_left(sink, settings):
    write("a@example.org", "b@example.org")
    told = StringIO()

    call_command("send_mail", stdout=told)
    is_due_again()
    with sink:
        call_command("send_mail", stdout=told)

    assert told.getvalue().splitlines()[0] == "0 sent, 2 waiting, 0 given up."
    assert "ConnectionRefusedError" in told.getvalue()
    assert told.getvalue().splitlines()[-1] == "2 sent, 0 waiting, 0 given up."
    settings.EMAIL_URL = ""
    with pytest.raises(CommandError, match="No mail server is named"):
        call_command("send_mail")


def test_without_a_mail_server_nothing_waits(settings):
    make_user(Role.EDITOR, email="editor@example.org")
    author = make_user(email="author@example.org")

    actions.submit(make_edition(by=author), by=author)

    assert settings.EMAIL_URL == ""
    assert not Email.objects.exists()
    assert send_due() == 0
    assert make_edition(State.PUBLISHED).state == State.PUBLISHED
