"""Files that cannot be read, through the page that staff use: a sentence each, and nothing half-created."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_user
from tests.ingest.files import pdf
from tests.ingest.test_readers import bomb, page, understated_bomb
from tests.register import everything

pytestmark = pytest.mark.django_db

READ = "/admin/visits/document/read/"
SIGN_IN = '<form><label>Name <input name="n"></label><input type="Password" name="p"></form>'


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("release.txt", b"", "empty"),
        ("release.txt", b"a" * 50 * 1024 * 1024, "MB"),
        ("release.pdf", pdf(["Words"], password="secret"), "password"),
        ("release.docx", bomb(), "was not opened"),
        ("release.docx", understated_bomb(), "damaged"),
        ("release.html", page("<p>Please sign in to read on.</p>", around=SIGN_IN).encode(), "asks for a password"),
    ],
    ids=["empty", "50 MB", "encrypted", "zip bomb", "zip bomb that understates itself", "page to sign in"],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_and_nothing_is_kept(client, name, data, words):
    client.force_login(make_user())
    before = everything()

    response = client.post(READ, {"file": SimpleUploadedFile(name, data)})

    assert response.status_code == 200
    (sentence,) = response.context["form"].errors["file"]
    assert name in sentence
    assert words in sentence
    assert everything() == before
