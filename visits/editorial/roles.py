"""Who may do what: one table, synced to Django's groups after every migration."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from visits.enums import Role
from visits.models import CHILDREN

VIEW = ("view",)
EDIT = ("view", "add", "change")

# role → model → what it may do. A role has all that the roles before it have.
GRANTS = {
    Role.AUTHOR: {
        "visit": EDIT,
        "edition": ("view", "add", "change"),
        "document": EDIT,
        "translation": EDIT,
        "import": ("view", "add"),
        "event": VIEW,
        "region": VIEW,
        "country": VIEW,
        "topic": VIEW,
        "resolution": VIEW,
        "body": VIEW,
    },
    Role.EDITOR: {
        "edition": ("publish", "approve", "withdraw"),
        "translation": ("review",),
        "errorreport": ("view", "change"),
        "redaction": ("view", "add", "approve"),
        "topic": EDIT,
        "resolution": EDIT,
        "body": EDIT,
    },
    Role.ADMINISTRATOR: {
        "edition": ("force_publish", "withhold"),
        "region": EDIT,
        "country": EDIT,
        "user": EDIT,
        "email": VIEW,
        "document": ("delete",),
        "topic": ("delete",),
        "resolution": ("delete",),
        "body": ("delete",),
    },
}
CHILD_GRANTS = (*EDIT, "delete")


def permissions_of(role: Role) -> set[str]:
    """Codenames that `role` holds, its own and those of the roles before it."""
    codenames = {f"{action}_{child._meta.model_name}" for child in CHILDREN for action in CHILD_GRANTS}
    for granted, models in GRANTS.items():
        codenames |= {f"{action}_{model}" for model, actions in models.items() for action in actions}
        if granted == role:
            return codenames
    raise ValueError(role)


def matrix() -> list[tuple[str, list[str]]]:
    """The table in words: what is granted on, and for each role in turn its actions; "–" where it has none."""
    named = {model._meta.model_name: str(model._meta.verbose_name_plural) for model in apps.get_models()}
    models = dict.fromkeys(model for granted in GRANTS.values() for model in granted)
    rows = [(named[model], [actions_on(model, role) for role in Role]) for model in models]
    parts = [", ".join(CHILD_GRANTS)] * len(Role)
    edition = list(models).index("edition") + 1
    return [*rows[:edition], ("what hangs on an edition", parts), *rows[edition:]]


def actions_on(model: str, role: Role) -> str:
    held = permissions_of(role)
    actions = dict.fromkeys(action for models in GRANTS.values() for each in models.values() for action in each)
    return ", ".join(action.replace("_", " ") for action in actions if f"{action}_{model}" in held) or "–"


def matrix_as_markdown() -> str:
    header = ("", *(str(role.label) for role in Role))
    lines = [header, ("---",) * len(header), *((name, *cells) for name, cells in matrix())]
    return "".join("| {} |\n".format(" | ".join(line)) for line in lines)


def sync_roles(app_config, **kwargs):
    """Make the groups hold what the table says, no more and no less."""
    # Django makes the permissions on the same signal, after us or before.
    create_permissions(app_config, verbosity=0)
    ours = Permission.objects.filter(content_type__app_label="visits")
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(ours.filter(codename__in=permissions_of(role)))
