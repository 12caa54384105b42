"""What the environment decides when nobody says it outright."""

import os
import subprocess
import sys

import pytest

from tests.live import ROOT


def read(tmp_path, expression: str, **environment) -> subprocess.CompletedProcess:
    given = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment}
    command = [sys.executable, "-c", f"from cted import settings; print({expression})"]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("environment", "is_required"),
    [
        ({}, False),
        ({"ALLOWED_HOSTS": "localhost,127.0.0.1"}, False),
        ({"HTTPS": "1"}, True),
        ({"ALLOWED_HOSTS": "visits.example.org"}, True),
        ({"ALLOWED_HOSTS": "localhost,visits.example.org"}, True),
        ({"ALLOWED_HOSTS": "visits.example.org", "HTTPS": "1", "REQUIRE_SECOND_FACTOR": "0"}, False),
        ({"REQUIRE_SECOND_FACTOR": "1"}, True),
    ],
)
def test_a_second_factor_is_required_wherever_others_can_come(tmp_path, environment, is_required):
    assert read(tmp_path, "settings.REQUIRE_SECOND_FACTOR", **environment).stdout == f"{is_required}\n"


def test_a_mail_server_needs_the_address_that_messages_link_to(tmp_path):
    refused = read(tmp_path, "settings.EMAIL_URL", EMAIL_URL="smtp://127.0.0.1:25")

    assert "EMAIL_URL also needs PUBLIC_URL" in refused.stderr


def test_a_mail_server_is_named_in_one_line(tmp_path):
    shown = "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.DEFAULT_FROM_EMAIL"
    given = {"EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587", "PUBLIC_URL": "https://visits.example.org/"}

    assert read(tmp_path, shown, **given).stdout == "mail.example.org 587 True register@visits.example.org\n"


def test_keys_of_before_are_accepted_where_they_are_named(tmp_path):
    given = {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": "old,older"}

    assert read(tmp_path, "settings.SECRET_KEY_FALLBACKS", **given).stdout.strip() == "['old', 'older']"
    assert read(tmp_path, "settings.SECRET_KEY_FALLBACKS", SECRET_KEY="new").stdout.strip() == "[]"
