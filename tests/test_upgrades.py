"""Every version's register comes to this one, migrations go back, and an older version may serve while they run."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.crawler import Browser
from tests.databases import on_file, on_postgresql
from tests.live import ROOT
from tests.postgresql import cluster, programs
from tests.searching import found
from visits.ops.archives import unpack
from visits.ops.restore import opened, restore

SAMPLES = sorted((ROOT / "tests" / "samples" / "upgrades").glob("*.zip"))
OURS = sorted(name for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if app == "visits")
# What has no place in the version before, by the databases that refuse it: it is to be changed before going back.
NO_WAY_BACK = {
    # A translation in review is in a state that the version before does not know.
    "0003_translations_in_work": (
        {"postgresql"},
        ["UPDATE visits_translation SET state = 'draft' WHERE state = 'in-review'"],
    ),
    # Nor is there one for an edition that is scheduled or withheld.
    "0008_scheduling_withholding_redaction": (
        {"sqlite", "postgresql"},
        [
            "UPDATE visits_edition SET state = 'in-review', scheduled_for = NULL WHERE state = 'scheduled'",
            "UPDATE visits_edition SET state = 'superseded' WHERE state = 'withheld'",
        ],
    ),
}


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


def put_in_place(path: Path):
    with opened(path) as candidate:
        restore(candidate)


# From every version to this one


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_register_of_every_version_is_served_by_this_one(path, data, django_db_blocker):
    with django_db_blocker.unblock(), on_file(data / "register.sqlite3"):
        put_in_place(path)

        browser = Browser()
        listed = [urlsplit(url).path for url in re.findall("<loc>(.*?)</loc>", browser.get("/sitemap.xml").body)]
        answers = [browser.get(address) for address in [*sorted(listed)[::17], "/visits/?q=chile", "/readyz"]]
        assert [(answer.address, answer.status) for answer in answers if answer.status != 200] == []
        assert (len(answers) > 30, found("chile")) == (True, ["chile-2018"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_kept_of_a_version_is_small_and_has_a_row_in_every_table(path, tmp_path):
    manifest, _database = unpack(path, tmp_path)

    assert path.stat().st_size <= 200_000
    assert [name for name, rows in manifest.rows.items() if not rows] == ["django_session", "shared_cache"]
    assert manifest.migrations[-1] == f"visits.{path.stem}"


def test_the_migrations_are_those_of_the_models(django_db_blocker):
    with django_db_blocker.unblock():
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


# And back


def shape() -> dict[str, list[str]]:
    """Tables with their columns and constraints, indexes, triggers, functions: the words of each, whatever their
    order."""
    on_sqlite = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE tbl_name LIKE 'visits~_%' ESCAPE '~'"
    on_postgresql = """
        SELECT 'column ' || table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_name LIKE 'visits!_%' ESCAPE '!'
        UNION SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid::regclass::text LIKE 'visits!_%' ESCAPE '!'
        UNION SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'visits!_%' ESCAPE '!'
        UNION SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE proname LIKE 'visits!_%' ESCAPE '!'
    """
    with connection.cursor() as cursor:
        cursor.execute(on_sqlite if connection.vendor == "sqlite" else on_postgresql)
        return {name: sorted(re.split(r"[\s,()]+", said or "")) for name, said in cursor.fetchall()}


def counts() -> dict[str, int]:
    """The rows of each table of the register."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("visits_")]
        return {
            name: cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables
            if "searchtext" not in name
        }


def migrate_to(name: str):
    call_command("migrate", "visits", name, verbosity=0)


def there_and_back():
    standing = {}
    for name, before in zip(reversed(OURS), [*reversed(OURS[:-1]), "zero"], strict=True):
        standing[name] = shape(), counts()
        refuse, ways = NO_WAY_BACK.get(name, ({}, []))
        if connection.vendor in refuse:
            with pytest.raises(DatabaseError):
                migrate_to(before)
            assert (shape(), counts()) == standing[name]
        with connection.cursor() as cursor:
            for statement in ways:
                cursor.execute(statement)
        migrate_to(before)
    assert (shape(), counts()) == ({}, {})
    for name in OURS:
        migrate_to(name)
        assert shape() == standing[name][0]
    call_command("migrate", verbosity=0)


def test_every_migration_goes_back_and_forth_on_a_register_with_rows(data, django_db_blocker):
    with django_db_blocker.unblock(), on_file(data / "register.sqlite3"):
        put_in_place(SAMPLES[-1])
        there_and_back()


@pytest.mark.slow
def test_every_migration_goes_back_and_forth_on_postgresql(data, django_db_blocker):
    if not programs():
        missing = "PostgreSQL is not installed: with Debian, apt-get install postgresql."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with cluster() as url, django_db_blocker.unblock(), on_postgresql(url):
        put_in_place(SAMPLES[-1])
        there_and_back()


# While the older version still serves


def breaks(operation, before: ProjectState) -> str | None:
    """What an older version that goes on reading and writing meanwhile would stumble over."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(filter(None, (breaks(each, before) for each in operation.database_operations)), None)
    if isinstance(operation, migrations.RunPython | migrations.RunSQL):
        return "nobody can read out of it what it changes"
    if isinstance(operation, migrations.DeleteModel | migrations.RemoveField):
        return "the older version reads what is gone"
    if isinstance(operation, migrations.RenameModel | migrations.RenameField | migrations.AlterModelTable):
        return "the older version uses the name before"
    if isinstance(operation, migrations.AddConstraint | migrations.AlterUniqueTogether):
        return "the older version may write what is refused now"
    if isinstance(operation, migrations.AddField) and must_be_given(operation.field):
        return "the older version writes rows without it"
    if isinstance(operation, migrations.AlterField):
        old = before.models["visits", operation.model_name_lower].fields[operation.name]
        if (must_be_given(operation.field) and old.null) or narrower(operation.field, old):
            return "the older version may write what does not fit any more"
    return None


def must_be_given(field) -> bool:
    # A default of Django's is none of the database's.
    return not (field.null or field.many_to_many or field.has_db_default())


def narrower(new, old) -> bool:
    if new.get_internal_type() != old.get_internal_type() or (new.unique and not old.unique):
        return True
    return bool(new.max_length and (not old.max_length or new.max_length < old.max_length))


def broken_by(migration, before: ProjectState) -> list[str]:
    """Empty for one that says itself, in `stop_before`, why the server has to be stopped or need not be."""
    if getattr(migration, "stop_before", ""):
        return []
    state, found = before.clone(), []
    for operation in migration.operations:
        if reason := breaks(operation, state):
            found.append(f"{migration.name}: {operation.describe()}: {reason}")
        operation.state_forwards("visits", state)
    return found


def state_before(name: str) -> ProjectState:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state(("visits", name), at_end=False)


def since_last_version() -> list[str]:
    return [name for name in OURS if name > SAMPLES[-1].stem]


def test_migrations_since_the_last_version_leave_the_older_one_serving_or_say_why_not():
    loader = MigrationLoader(None, ignore_no_migrations=True)

    found = [
        problem
        for name in since_last_version()
        for problem in broken_by(loader.disk_migrations["visits", name], state_before(name))
    ]

    assert found == [], (
        "Make it in steps (docs/operations.md, Upgrade), or say in `stop_before` why it stops the server."
    )


@pytest.mark.parametrize(
    ("operation", "is_safe"),
    [
        (migrations.AddField("visit", "more", models.TextField(null=True)), True),
        (migrations.AddField("visit", "more", models.TextField(db_default="")), True),
        (migrations.AddField("visit", "more", models.TextField(default="")), False),
        (migrations.AddField("visit", "more", models.ManyToManyField("visits.Body")), True),
        (migrations.RemoveField("visit", "slug"), False),
        (migrations.RenameField("visit", "slug", "address"), False),
        (migrations.AlterField("visit", "slug", models.SlugField(max_length=100, null=True)), True),
        (migrations.AlterField("visit", "slug", models.SlugField(max_length=80)), False),
        (migrations.AlterField("visit", "slug", models.SlugField(max_length=10, null=True)), False),
        (migrations.AlterField("visit", "slug", models.IntegerField(null=True)), False),
        (migrations.CreateModel("More", [("id", models.BigAutoField(primary_key=True))]), True),
        (migrations.DeleteModel("Email"), False),
        (migrations.RenameModel("Email", "Mail"), False),
        (migrations.AddIndex("visit", models.Index("slug", name="more")), True),
        (migrations.AddConstraint("visit", models.UniqueConstraint("slug", name="more")), False),
        (migrations.RemoveConstraint("edition", "one_working_edition"), True),
        (migrations.RunSQL("DROP TABLE visits_email"), False),
        (migrations.RunPython(migrations.RunPython.noop), False),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("visit", "slug")]), False),
        (migrations.SeparateDatabaseAndState([], [migrations.RemoveField("visit", "slug")]), True),
    ],
)
def test_what_an_older_version_would_stumble_over_is_found(operation, is_safe):
    migration = migrations.Migration("9999_later", "visits")
    migration.operations = [operation]
    now = MigrationLoader(None, ignore_no_migrations=True).project_state()

    assert (broken_by(migration, now) == []) is is_safe
    migration.stop_before = "It takes a minute."
    assert broken_by(migration, now) == []


def test_it_is_found_in_a_migration_that_was_made():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    name = "0008_scheduling_withholding_redaction"

    found = broken_by(loader.disk_migrations["visits", name], state_before(name))

    assert [problem for problem in found if "awaits_approval" in problem or "edition_has_a_moment" in problem] != []
    assert [problem for problem in found if "redacted_at" in problem] == []
