"""The settings as strict as in production and without any data: what `make lint` checks."""

import os
import secrets

os.environ.update(DATABASE_URL="sqlite://:memory:", SECRET_KEY=secrets.token_urlsafe(50), HTTPS="1", DEBUG="0")

from cted.settings import *  # noqa: F403

# Whether subdomains are bound to HTTPS too, and whether browsers preload it, is for the owner of the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
