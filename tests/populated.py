"""A small register with a row in every table, editions and translations in every state: for what must lose nothing.

    python -m tests.populated PATH

writes it to an archive: what `tests/samples/upgrades/` keeps of every version. It takes an empty DATA_DIR.
"""

import json
import sys
import tempfile
from pathlib import Path

import django

VISITS = 24


def populate():
    from allauth.account.models import EmailAddress, EmailConfirmation
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import Permission

    from tests.examples import fill_every_part
    from tests.factories import make_country, make_edition, make_next_edition, make_user, translate
    from visits.editorial import actions, redaction, reports
    from visits.editorial.loading import load_register
    from visits.enums import Role, State, TranslationState
    from visits.management.commands.load_register import FIXTURES, REFERENCE
    from visits.models import Edition, Email, Import, ImportedDraft

    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part.json")
        part.write_text(json.dumps(first_visits(json.loads((FIXTURES / "register.json").read_text()))))
        translations = sorted((FIXTURES / "translations").glob("*.json"))
        load_register([*REFERENCE, FIXTURES / "denmark.json", part, *translations])
    author, editor, administrator = (make_user(role, email=f"{role}@example.org") for role in Role)
    for number, state in enumerate(State):
        make_edition(state, country=make_country("Norway", "NOR", "NO"), start=f"{2001 + number}-02-03", end="")
    whole = make_edition(State.PUBLISHED, country=make_country("Chile", "CHL", "CL"), by=author, fill=fill_every_part)
    make_next_edition(whole, State.DRAFT, title="Another title, in work")
    for language, state in zip(("ar", "zh-hans", "ru"), TranslationState, strict=False):
        translate(whole, language, state)
    actions.claim(make_edition(State.IN_REVIEW, by=author, start="2019-03", end="2019-03"), by=editor)
    make_edition(State.PUBLISHED, start="2020", end="2020", summary="It was led by Somebody Unnamed.")
    asked = redaction.propose("Somebody Unnamed", "A private person.", by=editor)
    scope = redaction.scope_of(redaction.Search(asked.text).places())
    redaction.approve(asked, by=administrator, scope=scope, version=asked.version)
    redaction.propose("Another title", "To be decided.", by=editor)
    reports.receive("token", about="/visits/", text="It was 2006.", source="", email="r@example.org", language="fr")
    Email.objects.create(to="author@example.org", subject="Published", body="It is public.\n")
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    address = EmailAddress.objects.create(user=editor, email=editor.email)
    EmailConfirmation.create(address).save()
    author.user_permissions.add(Permission.objects.first())
    LogEntry.objects.create(user=editor, action_flag=CHANGE, change_message="[]")
    table = Import.objects.create(actor=author, actor_name=str(author), name="v.csv", sha256="0" * 64, table=[["a"]])
    draft = Edition.objects.filter(state=State.DRAFT).first()
    ImportedDraft.objects.create(source=table, edition=draft, verb="start", version=1)
    return whole


def first_visits(objects: list[dict]) -> list[dict]:
    """Those of the register with all that hangs on them, and the documents that they rest on."""
    visits = [each["fields"]["uid"] for each in objects if each["model"] == "visits.visit"][:VISITS]
    editions = [
        each["fields"]["uid"]
        for each in objects
        if each["model"] == "visits.edition" and each["fields"]["visit"][0] in visits
    ]
    rows = [each for each in objects if each["fields"].get("edition", [None])[0] in editions]
    rows = [each for each in rows if each["model"] != "visits.visitlink" or each["fields"]["target"][0] in visits]
    documents = {each["fields"]["document"][0] for each in rows if "document" in each["fields"]}
    kept = {*visits, *editions, *documents, *(each["fields"]["uid"] for each in rows)}
    return [each for each in objects if each["fields"]["uid"] in kept]


def main(path: str):
    django.setup()
    from django.core.management import call_command

    from visits.models import Visit

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    assert not Visit.objects.exists(), "This needs a DATA_DIR of its own."
    populate()
    call_command("backup", path)


if __name__ == "__main__":
    main(*sys.argv[1:])
