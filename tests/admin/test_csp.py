"""The content security policy of the admin: strict on every page, and the rich-text editor works under it."""

import base64
import hashlib
import re
from pathlib import Path

import django_prose_editor
import pytest

from tests.factories import make_document, make_edition, make_user
from visits.enums import Role, State

from .support import page, step, text

pytestmark = pytest.mark.django_db

EDITOR = Path(django_prose_editor.__file__).parent / "static" / "django_prose_editor" / "editor.js"


@pytest.fixture
def pages(client):
    client.force_login(make_user(Role.ADMINISTRATOR, password="a long enough password"))
    draft, document = make_edition(), make_document()
    published = make_edition(State.PUBLISHED)
    return {
        "index": "/admin/",
        "list": "/admin/visits/visit/",
        "visit": f"/admin/visits/visit/{draft.visit_id}/change/",
        "edition": page(draft),
        "fixed edition": page(published),
        "history": f"/admin/visits/edition/{draft.pk}/history/",
        "confirmation": step(draft, "submit"),
        "document": f"/admin/visits/document/{document.pk}/change/",
        "events": "/admin/visits/event/",
        "staff": "/admin/visits/user/",
        "new staff": "/admin/visits/user/add/",
        "password": "/accounts/password/change/",
        "second factor": "/accounts/2fa/",
    }


def test_every_page_has_a_strict_policy_and_nothing_inline(client, pages):
    for name, address in pages.items():
        response = client.get(address)
        policy, words = response["Content-Security-Policy"], response.content.decode()
        assert response.status_code == 200, name
        assert "unsafe" not in policy, name
        assert "default-src 'none'" in policy, name
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", words), name
        for attributes in re.findall(r"<script([^>]*)>[^<]*\S[^<]*</script>", words):
            nonce = re.search(r'nonce="([^"]+)"', attributes)
            assert "application/json" in attributes or f"'nonce-{nonce[1]}'" in policy, name


def test_the_sign_in_page_has_a_strict_policy(client):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "nonce-" not in policy


def test_only_a_page_with_the_editor_carries_a_nonce(client, pages):
    with_nonce = [name for name, address in pages.items() if "nonce-" in client.get(address)["Content-Security-Policy"]]

    assert with_nonce == ["edition"]


def test_the_policy_knows_the_rules_that_the_editor_adds(settings):
    """When this fails, the pinned editor was upgraded: look what it adds to the page, then take over the new hash."""
    rules = re.search(r"`(\.ProseMirror \{.*?)`", EDITOR.read_text(encoding="utf-8"), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()

    assert f"'sha256-{digest}'" in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"]


def test_the_admin_names_the_register_and_leads_to_the_public_site(client, pages):
    words = text(client.get("/admin/"))

    assert "Register of CTED visits" in words
    assert '<a href="/">Public site</a>' in words


def test_staff_pages_are_kept_out_of_caches(client, pages):
    assert "no-store" in client.get("/admin/")["Cache-Control"]
