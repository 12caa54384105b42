"""The site as it runs, but for what takes time and has no part in keeping what was written."""

from cted.settings import *  # noqa: F403
from cted.settings import MIDDLEWARE, STORAGES, env

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if env.bool("ANSWER_TOO_SOON", default=False):
    MIDDLEWARE = ["tests.crashing.broken.AnswersTooSoon", *MIDDLEWARE]
