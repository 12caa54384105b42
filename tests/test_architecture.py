"""The dependency rule holds, and each part of what holds it can fail."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VISITS = ROOT / "visits"
READING = ("public", "opendata", "reporting", "templatetags")
LAYERS = "Imports go down"
SIBLINGS = "Ingest and catalogue do not know each other"
CATALOGUE_ALONE = "What the public reads comes from the catalogue alone"
ONE_FUNCTION = "Who reports an error reaches one function of the register"


def lint_imports(folder: Path) -> subprocess.CompletedProcess:
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def broken(result: subprocess.CompletedProcess) -> list[str]:
    return [line.partition(" BROKEN")[0] for line in result.stdout.splitlines() if " BROKEN" in line]


def imports_of(path: Path, package: Path) -> set[str]:
    """Full dotted names of all that a file imports, wherever in the file it does so."""
    here = ".".join((package.name, *path.relative_to(package).parent.parts))
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here.split(".")[: len(here.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def ways_to_a_draft(package: Path) -> list[str]:
    """Imports in rooms that serve the public by which a draft could be reached past the catalogue."""
    return [
        f"{path.relative_to(package)}: {name}"
        for room in READING
        for path in modules(package / room)
        for name in sorted(imports_of(path, package))
        if name.startswith(("django.db", "django.apps")) or "models" in name.split(".")
    ]


def who_imports_receivers(package: Path) -> set[str]:
    return {
        str(path.relative_to(package)) for path in modules(package) if "visits.receivers" in imports_of(path, package)
    }


def test_contracts_hold():
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def copy(tmp_path):
    """The package and its contracts elsewhere, to be broken."""
    shutil.copytree(VISITS, tmp_path / "visits", ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("importer", "line", "contract"),
    [
        ("text/fold.py", "from visits.models import Visit", LAYERS),
        ("enums.py", "from visits.text import fold", LAYERS),
        ("exceptions/base.py", "def late():\n    from visits.models import Visit", LAYERS),
        ("models/visit.py", "from visits.editorial import actions", LAYERS),
        ("models/visit.py", "from visits.catalogue import pages", LAYERS),
        ("editorial/actions.py", "from visits.catalogue import pages", LAYERS),
        ("catalogue/pages.py", "from visits.editorial import rules", LAYERS),
        ("catalogue/pages.py", "from visits import public", LAYERS),
        ("admin/accounts.py", "from visits import public", LAYERS),
        ("public/__init__.py", "from visits import ops", LAYERS),
        ("opendata/__init__.py", "from visits import admin", LAYERS),
        ("receivers.py", "", None),
        ("catalogue/pages.py", "from visits import receivers", LAYERS),
        ("forgotten.py", "", LAYERS),
        ("ingest/__init__.py", "from visits.editorial import actions", None),
        ("editorial/actions.py", "from visits import ingest", LAYERS),
        ("ingest/__init__.py", "from visits.catalogue import pages", SIBLINGS),
        ("public/__init__.py", "from visits.catalogue import pages", None),
        ("public/__init__.py", "from visits.models import Visit", CATALOGUE_ALONE),
        ("public/__init__.py", "from visits.editorial import rules", CATALOGUE_ALONE),
        ("opendata/exports.py", "from visits.models.edition import Edition", CATALOGUE_ALONE),
        ("templatetags/register.py", "from visits.models import Visit", CATALOGUE_ALONE),
        ("reporting/views.py", "from visits.editorial import actions", ONE_FUNCTION),
        ("reporting/forms.py", "from visits.models import ErrorReport", ONE_FUNCTION),
        ("reporting/views.py", "from visits.catalogue import history", ONE_FUNCTION),
    ],
)
def test_contracts_report_a_forbidden_import(copy, importer, line, contract):
    for module in ("receivers.py", "ingest/__init__.py", "opendata/__init__.py", importer):
        (copy / "visits" / module).parent.mkdir(exist_ok=True)
        (copy / "visits" / module).touch()
    with (copy / "visits" / importer).open("a") as file:
        file.write(f"\n{line}\n")

    result = lint_imports(copy)

    assert [name.split(":")[0] for name in broken(result)] == ([contract] if contract else []), result.stdout
    assert (result.returncode == 0) is (contract is None), result.stdout + result.stderr


def test_public_rooms_have_no_way_to_a_draft():
    assert modules(VISITS / "public")
    assert ways_to_a_draft(VISITS) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from ..models import Visit", "visits.models"),
        ("from visits import models", "visits.models"),
        ("import visits.models.edition", "visits.models.edition"),
        ("from django.apps import apps", "django.apps"),
        ("from django.db import connection", "django.db"),
        ("from django.contrib.auth.models import Group", "django.contrib.auth.models"),
    ],
)
def test_a_way_to_a_draft_is_seen(copy, line, found):
    (copy / "visits" / "public" / "late.py").write_text(f"def view(request):\n    {line}\n")

    assert f"public/late.py: {found}" in ways_to_a_draft(copy / "visits")


def test_only_the_app_configuration_imports_receivers():
    assert who_imports_receivers(VISITS) <= {"apps.py"}


@pytest.mark.parametrize(
    "line", ["from visits import receivers", "from .. import receivers", "import visits.receivers"]
)
def test_an_import_of_receivers_is_seen(copy, line):
    (copy / "visits" / "ops" / "late.py").write_text(line)

    assert "ops/late.py" in who_imports_receivers(copy / "visits")


def test_commands_are_short():
    commands = modules(VISITS / "management" / "commands")

    assert {path.stem for path in commands} > {"prepare", "load_register"}
    assert {path.name: n for path in commands if (n := len(path.read_text().splitlines())) > 40} == {}


def test_a_report_of_an_error_goes_in_by_one_function_and_nothing_comes_out():
    reached = {name for path in modules(VISITS / "reporting") for name in imports_of(path, VISITS)}

    assert {name for name in reached if name.startswith("visits.editorial")} == {
        "visits.editorial.reports",
        "visits.editorial.reports.receive",
    }
