from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from visits.editorial import notices, roles
from visits.enums import Role, Verb
from visits.management.commands.roles import with_tables

DOCUMENT = settings.BASE_DIR / "docs" / "editors.md"
ROLES = "<!-- roles: begin -->\n{}<!-- roles: end -->\n"
NOTICES = "<!-- notices: begin -->\n{}<!-- notices: end -->\n"


def test_the_document_says_what_the_roles_may_do_and_who_is_told_of_what_today():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text == with_tables(text), "Out of step; this writes it: manage.py roles --write docs/editors.md"


def test_every_grant_stands_in_the_table_in_the_column_of_its_role():
    cells = dict(roles.matrix())

    assert cells["countries"] == ["view", "view", "view, add, change"]
    editor = "view, add, change, publish, approve, withdraw"
    assert cells["editions"] == ["view, add, change", editor, f"{editor}, force publish, withhold"]
    assert cells["what hangs on an edition"] == ["view, add, change, delete"] * 3
    assert len(cells) == len({model for granted in roles.GRANTS.values() for model in granted}) + 1


def test_a_new_grant_or_notice_puts_the_document_out_of_step(monkeypatch):
    text = DOCUMENT.read_text(encoding="utf-8")
    monkeypatch.setitem(roles.GRANTS, Role.AUTHOR, roles.GRANTS[Role.AUTHOR] | {"visit": ("view",)})

    assert with_tables(text) != text

    monkeypatch.undo()
    monkeypatch.setitem(notices.OF_EDITIONS, Verb.SUBMIT, notices.NOBODY)

    assert with_tables(text) != text


def test_the_tables_are_shown_or_written_between_their_markers_and_nowhere_else(tmp_path):
    file, shown = tmp_path / "document.md", StringIO()
    file.write_text(f"Before\n{ROLES.format('old')}Between\n{NOTICES.format('')}After\n")
    tables = roles.matrix_as_markdown(), notices.as_markdown()

    call_command("roles", stdout=shown)
    call_command("roles", write=file)

    new_roles, new_notices = (
        frame.format(f"\n{table}\n") for frame, table in zip((ROLES, NOTICES), tables, strict=True)
    )
    assert file.read_text() == f"Before\n{new_roles}Between\n{new_notices}After\n"
    assert shown.getvalue().strip() == "\n".join(tables).strip()


@pytest.mark.parametrize("text", ["No markers.\n", "<!-- roles: begin -->\n", ROLES, NOTICES])
def test_a_document_without_its_markers_is_left_as_it_is(tmp_path, text):
    file = tmp_path / "document.md"
    file.write_text(text)

    with pytest.raises(CommandError, match="stays as it is"):
        call_command("roles", write=file)

    assert file.read_text() == text
