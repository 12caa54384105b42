"""What is wrong with the installation, in words that whoever runs it can act on: one function for each complaint.

Each says in a sentence what is wrong, or nothing; the table below says how it is mended, and whether it is grave: that
readers are not answered, that something may be lost, or that others can read what is not public.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from visits.catalogue import packages
from visits.editorial import scheduling
from visits.enums import Role
from visits.models import Edition, Email, SearchRow, User, Visit

from . import health, preparing, processes

# A package is due after a day, and built within some minutes.
PACKAGE_LATE = timedelta(days=2)
LEFT_FOR = timedelta(hours=1)
# So many records are named.
FEW = 5


@dataclass(frozen=True)
class Complaint:
    """`about`: a code, or the place in a record. `mend`: what to do, or where. `is_grave`: see above; of a record, that
    the public reads what cannot be true."""

    about: str
    sentence: str
    mend: str
    is_grave: bool


def unless_ok(check: Callable[[], object], sentence: str) -> str | None:
    """The sentence, with what /readyz says of it, where that is not all well."""
    said = health.outcome(check)
    return None if said == "ok" else sentence.format(said)


def debug() -> str | None:
    return "DEBUG is on: pages of error show settings and data to everybody." if settings.DEBUG else None


def without_https() -> str | None:
    if settings.IS_PUBLIC and not settings.HTTPS:
        return "The site has a public name and HTTPS is off: passwords and sessions cross the network in clear."
    return None


def any_host() -> str | None:
    if "*" in settings.ALLOWED_HOSTS:
        return "ALLOWED_HOSTS lets a request name any host, and pages repeat that name in their links."
    return None


def no_contact() -> str | None:
    if settings.IS_PUBLIC and not settings.CONTACT:
        return "CONTACT is empty: readers are not told where to report an error, nor where to report a weakness."
    return None


def no_public_url() -> str | None:
    if settings.IS_PUBLIC and not settings.PUBLIC_URL:
        return "PUBLIC_URL is empty: no message can lead to the site."
    return None


def proxy_unknown() -> str | None:
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return "HTTPS is given by a proxy, and TRUSTED_PROXY_COUNT is 0: limits take all readers for one."
    return None


def open_files() -> str | None:
    """Whether others than the owner can read what is not public."""
    if not settings.DATA_DIR.stat().st_mode & 0o011:
        return None
    kept = [path for name in ("secret-key", "*.sqlite3*") for path in settings.DATA_DIR.glob(name)]
    names = sorted(path.name for path in kept if path.stat().st_mode & 0o077)
    return f"Others than the owner can read {', '.join(names)} in {settings.DATA_DIR}." if names else None


def database_away() -> str | None:
    return unless_ok(health.database, "The database cannot be asked ({}).")


def unmigrated() -> str | None:
    return "Migrations of this release were not made." if health.migrations() else None


def old_database() -> str | None:
    found, needed = connection.get_database_version(), connection.features.minimum_database_version
    if found >= needed:
        return None
    return f"{connection.display_name} {'.'.join(map(str, found))} is older than {'.'.join(map(str, needed))}."


def damaged() -> str | None:
    """SQLite alone is looked through: PostgreSQL checks its pages itself."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        found = [row[0] for row in cursor.execute("PRAGMA integrity_check(1)").fetchall()]
        astray = cursor.execute("PRAGMA foreign_key_check").fetchall()
    if found != ["ok"]:
        return f"The database is damaged: {found[0]}."
    return f"{len(astray)} rows of the database refer to rows that are missing." if astray else None


def unsearchable() -> str | None:
    return unless_ok(health.full_text, "The index of words cannot be searched ({}).")


def index_differs() -> str | None:
    published = set(Edition.objects.published().values_list("visit_id", flat=True))
    found = set(SearchRow.objects.values_list("visit_id", flat=True))
    if published == found:
        return None
    missed, left = len(published - found), len(found - published)
    some = ", ".join(Visit.objects.filter(pk__in=published ^ found).values_list("slug", flat=True)[:FEW])
    return f"Searches miss {missed} visits that are published and find {left} that are not, such as {some}."


def no_generation() -> str | None:
    return unless_ok(health.generation, "The generation cannot be read ({}).")


def no_chores() -> str | None:
    running = {place.rpartition("-")[0] for place in processes.running()}
    if running and "chores" not in running:
        return "The site runs without its chores: nothing that is due is published, sent or built."
    return None


def overdue() -> str | None:
    late = len(list(scheduling.overdue()))
    return f"{late} scheduled editions should be public by now." if late else None


def little_room() -> str | None:
    return f"{settings.DATA_DIR} has {health.free_bytes() >> 20} MiB of free room left." if health.room() else None


def no_backup() -> str | None:
    return unless_ok(health.backup, "The backup that BACKUP_DAYS asks for: {}.")


def mail_waits() -> str | None:
    return "E-mail to staff has waited for more than an hour." if health.mail() else None


def mail_given_up() -> str | None:
    count = Email.objects.given_up().count()
    return f"{count} e-mails to staff could not be sent for days and were given up." if count else None


def old_package() -> str | None:
    package = packages.read(settings.BUNDLE_DIR)
    if package and packages.is_due() and datetime.now(UTC) - package.built_at > PACKAGE_LATE:
        return f"The data package is of {package.built_at:%Y-%m-%d}, and the register has changed since."
    return None


def not_collected() -> str | None:
    return None if preparing.static_is_current() else "Static files are not those of this release."


def not_compiled() -> str | None:
    is_current = preparing.catalogues_are_current()
    return None if is_current else "Translations of the interface are not those of this release."


def without_second_factor() -> str | None:
    if not settings.REQUIRE_SECOND_FACTOR:
        return None
    who = staff(Role.EDITOR, Role.ADMINISTRATOR).exclude(authenticator__type__in=["totp", "webauthn"])
    names = ", ".join(who.values_list("username", flat=True))
    return f"These have no second factor, and can do nothing until they have: {names}." if names else None


def without_recovery() -> str | None:
    codes = Authenticator.Type.RECOVERY_CODES
    who = staff(Role.ADMINISTRATOR).filter(authenticator__type__in=["totp", "webauthn"])
    names = ", ".join(who.exclude(authenticator__type=codes).values_list("username", flat=True))
    return f"These administrators would be locked out with the loss of one device: {names}." if names else None


def nobody_administers() -> str | None:
    return None if staff(Role.ADMINISTRATOR).exists() else "No account that is active is an administrator's."


def staff(*roles: Role):
    of_roles = User.objects.filter(is_active=True, is_staff=True, groups__name__in=[role.value for role in roles])
    return of_roles.order_by("username").distinct()


def leftovers() -> str | None:
    """Folders of a backup that was killed, where backups are made."""
    with suppress(FileNotFoundError, ValueError, KeyError):
        beside = Path(health.told_of_backup()["path"]).parent
        names = sorted(path.name for path in beside.glob(".*.zip.*") if is_left(path))
        return f"A backup that was broken off left {', '.join(names)} in {beside}." if names else None
    return None


def is_left(path) -> bool:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return path.is_dir() and timezone.now() - changed > LEFT_FOR


@dataclass(frozen=True)
class Check:
    find: Callable[[], str | None]
    mend: str
    is_grave: bool = False
    # Takes minutes where there are many visits.
    is_slow: bool = False


CHECKS = (
    Check(debug, "Unset DEBUG, and restart.", True),
    Check(without_https, "Put a proxy with a certificate in front, set HTTPS=1, and restart.", True),
    Check(any_host, "List the names of the site in ALLOWED_HOSTS, and restart.", True),
    Check(no_contact, "Set CONTACT to an address that begins with mailto: or https:."),
    Check(no_public_url, "Set PUBLIC_URL to where readers reach the site, such as https://visits.example.org."),
    Check(proxy_unknown, "Set TRUSTED_PROXY_COUNT to the number of proxies in front."),
    Check(open_files, "As their owner: chmod 700 the folder, and chmod 600 the files.", True),
    Check(database_away, "Start it, or correct DATABASE_URL; then ask again, for most else depends on it.", True),
    Check(unmigrated, "Run: manage.py migrate", True),
    Check(old_database, "Install a newer version of it.", True),
    Check(damaged, "Restore the last backup: manage.py restore PATH", True, is_slow=True),
    Check(unsearchable, "Run: manage.py migrate; where that does not help, restore the last backup.", True),
    Check(
        index_differs,
        "Publish a new edition of those that are missed, withdraw the others, and tell the developers.",
        True,
    ),
    Check(no_generation, "Run: manage.py migrate; where that does not help, restore the last backup.", True),
    Check(no_chores, "Start manage.py chores beside the server, as deploy/start.py does.", True),
    Check(overdue, "See why on the desk of the admin; where it says nothing, run: manage.py publish_due", True),
    Check(little_room, "Make room, or give it more: with none left, nothing can be saved.", True),
    Check(no_backup, "Run: manage.py backup PATH", True),
    Check(mail_waits, "See why in the admin under “Unsent e-mail”, then look at EMAIL_URL and that server."),
    Check(mail_given_up, "See whom in the admin under “Unsent e-mail”, and correct the addresses."),
    Check(old_package, "Run: manage.py build_bundle DATA_DIR/bundle, and see what it says."),
    Check(not_collected, "Run: manage.py prepare, and restart.", True),
    Check(not_compiled, "Run: manage.py prepare, and restart."),
    Check(without_second_factor, "Ask them to sign in, where they are led to it."),
    Check(without_recovery, "Ask them to make recovery codes under /accounts/2fa/ and to keep them."),
    Check(nobody_administers, "Run: manage.py createsuperuser, and give somebody the role in the admin.", True),
    Check(leftovers, "Remove them, unless a backup is being made."),
)


def complaints(is_thorough: bool = False) -> Iterator[Complaint]:
    """What is wrong; where a check itself cannot be made, that."""
    for check in CHECKS:
        if check.is_slow and not is_thorough:
            continue
        code = check.find.__name__
        try:
            said = check.find()
        except (DatabaseError, OSError) as error:
            said = f"This could not be found out: {error}"
        if said:
            yield Complaint(code, said, check.mend, check.is_grave)
