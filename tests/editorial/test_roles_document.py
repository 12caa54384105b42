from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from visits.editorial import roles
from visits.enums import Role
from visits.management.commands.roles import BEGIN, END, with_roles

DOCUMENT = settings.BASE_DIR / "docs" / "editors.md"


def test_the_document_says_what_the_roles_may_do_today():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text == with_roles(text), "Out of step; this writes it: manage.py roles --write docs/editors.md"


def test_every_grant_stands_in_the_table_in_the_column_of_its_role():
    cells = dict(roles.matrix())

    assert cells["countries"] == ["view", "view", "view, add, change"]
    editor = "view, add, change, publish, approve, withdraw"
    assert cells["editions"] == ["view, add, change", editor, f"{editor}, force publish, withhold"]
    assert cells["what hangs on an edition"] == ["view, add, change, delete"] * 3
    assert len(cells) == len({model for granted in roles.GRANTS.values() for model in granted}) + 1


def test_a_new_grant_puts_the_document_out_of_step(monkeypatch):
    text = DOCUMENT.read_text(encoding="utf-8")
    monkeypatch.setitem(roles.GRANTS, Role.AUTHOR, roles.GRANTS[Role.AUTHOR] | {"visit": ("view",)})

    assert with_roles(text) != text


def test_the_table_is_shown_or_written_between_the_markers_and_nowhere_else(tmp_path):
    file, shown = tmp_path / "document.md", StringIO()
    file.write_text(f"Before\n{BEGIN}old\n{END}After\n")

    call_command("roles", stdout=shown)
    call_command("roles", write=file)

    assert file.read_text() == f"Before\n{BEGIN}\n{roles.matrix_as_markdown()}\n{END}After\n"
    assert shown.getvalue().strip() == roles.matrix_as_markdown().strip()


@pytest.mark.parametrize("text", ["No markers.\n", BEGIN, f"{END}{BEGIN}"])
def test_a_document_without_its_markers_is_left_as_it_is(tmp_path, text):
    file = tmp_path / "document.md"
    file.write_text(text)

    with pytest.raises(CommandError, match="stays as it is"):
        call_command("roles", write=file)

    assert file.read_text() == text
