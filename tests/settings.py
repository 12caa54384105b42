"""The application's settings, on a data folder of the test run's own."""

import os
import tempfile
from pathlib import Path

# Held until the process ends, then removed.
DATA_FOLDER = tempfile.TemporaryDirectory(prefix="cted-tests-")
os.environ["DATA_DIR"] = DATA_FOLDER.name
# A database of somebody's own is nothing to test with: `make test-postgres` names the throwaway one.
os.environ.pop("DATABASE_URL", None)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from cted.settings import *  # noqa: E402, F403
from cted.settings import STATIC_ROOT, STORAGES  # noqa: E402

Path(STATIC_ROOT).mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Signing in is not what most tests are about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# All tests together are one visitor.
API_RATE = 0
