"""All settings, read from the environment, with defaults that are safe to run as they are."""

import os
import secrets
import sys
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from .postgresql import limits

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=BASE_DIR / "var")).resolve()


# What the process is


def kept_secret(path: Path) -> str:
    """The secret stored at `path`, made at the first call. It never leaves DATA_DIR."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        # A link, not a rename: of two workers starting at once both must read the key of the first.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")
# Keys of before: what they signed is still accepted, so that nobody is signed out by a change of key.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
OWN_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=OWN_HOSTS)
HTTPS = env.bool("HTTPS", default=False)
# Whether others than this machine can reach the site: over HTTPS, or by a name that is not this machine's own.
IS_PUBLIC = HTTPS or not set(ALLOWED_HOSTS) <= set(OWN_HOSTS)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=IS_PUBLIC)
RELEASE = env("RELEASE", default="")
# Where readers report errors and barriers: an address that starts with mailto: or https:.
CONTACT = env("CONTACT", default="")
# For /.well-known/security.txt, where weaknesses are reported elsewhere; otherwise CONTACT, or the page about it all.
SECURITY_CONTACT = env("SECURITY_CONTACT", default=CONTACT)
# Where people reach the site, as e-mail names it: https://visits.example.org
PUBLIC_URL = env("PUBLIC_URL", default="").rstrip("/")
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=16 * 1024 * 1024)

WSGI_APPLICATION = "cted.wsgi.application"
ROOT_URLCONF = "cted.urls"

INSTALLED_APPS = [
    "visits",
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_prose_editor",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "cted.middleware.Numbered",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cted.middleware.Closed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cted.middleware.LanguageOfPath",
    "cted.outage.Away",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cted.middleware.SecondFactorRequired",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


# What is kept, and where

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'register.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
OPTIONS_OF_SQLITE = {
    # Writers queue at BEGIN: two of them never read the same state and then both write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = OPTIONS_OF_SQLITE
# What is different for the server, which `cted.wsgi` applies: a page may not take as long as a command.
DATABASE_OF_PAGES = {}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASE_OF_PAGES = limits.for_pages(
        DATABASES["default"],
        page_seconds=env.float("DATABASE_PAGE_SECONDS", default=limits.PAGE.seconds),
        pool_size=env.int("DATABASE_POOL_SIZE", default=10),
        pool_seconds=env.float("DATABASE_POOL_SECONDS", default=5),
    )
    DATABASES["default"] = limits.for_commands(
        DATABASES["default"], job_seconds=env.float("DATABASE_JOB_SECONDS", default=limits.JOB.seconds)
    )
# While the database is away, for how many seconds kept pages are shown that may not be the latest any more.
STALE_SECONDS = env.float("STALE_SECONDS", default=300)
# The review of a release has a field for each value, and some releases tell of several visits.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by the workers, or rate limits would count for each of them apart.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://shared_cache")}
ours = {"DatabaseCache": "cted.caches.Database", "RedisCache": "cted.caches.Redis"}
backend = CACHES["default"]["BACKEND"]
CACHES["default"]["BACKEND"] = ours.get(backend.rpartition(".")[2], backend)


# How the desk works

# Days within which an edition that was submitted is to be decided on; after that it counts as overdue.
REVIEW_DAYS = env.int("REVIEW_DAYS", default=5)


# What is watched


# Days after which /readyz misses a backup; 0 where backups are made by other means.
BACKUP_DAYS = env.int("BACKUP_DAYS", default=0)
# Less free room for DATA_DIR than this is too little: the next writes may fail.
LEAST_FREE_BYTES = env.int("LEAST_FREE_BYTES", default=200 * 1024 * 1024)
# From where /metrics may be asked; for everybody else there is no such address.
METRICS_NETWORKS = [
    ip_network(text, strict=False) for text in env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
]


# Who may enter

AUTH_USER_MODEL = "visits.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "visits.admin.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    # Errors that readers report: from one address, and from all together.
    "report": "10/h/ip,200/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_FAILURE_VIEW = "visits.public.views.forbidden"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Whoever watches the process asks it directly.
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The nonce appears only where a page asks for one: the editor's import map in the admin.
        "script-src": [SELF, NONCE],
        # The rules that the rich-text editor of the admin adds to the page; a test tells when an upgrade changes them.
        "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}


# E-mail to staff: none is written or sent as long as no server is named, smtp+tls://user:password@host:587


EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_TIMEOUT = 10
if EMAIL_URL:
    if not urlsplit(PUBLIC_URL).hostname:
        raise ImproperlyConfigured("EMAIL_URL also needs PUBLIC_URL: e-mail tells staff where to read on.")
    globals().update(env.email_url("EMAIL_URL"))
    DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default=f"register@{urlsplit(PUBLIC_URL).hostname}")


# What programs may ask

# Requests a minute from one address that the API answers, those answered from memory not counted; 0 for any number.
API_RATE = env.int("API_RATE", default=600)
REST_FRAMEWORK = {
    # Nobody is known here: no key, no session.
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "visits.opendata.api.schema.Operation",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "POSTPROCESSING_HOOKS": ["visits.opendata.api.schema.declare_once"],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
}


# Languages and time

LANGUAGE_CODE = "en"
# In the order of the United Nations language bar, each named in itself.
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "ar", "zh-hans", "fr", "ru", "es")
# What translators write, and what is compiled of it when the site is prepared.
CATALOGUES = BASE_DIR / "visits" / "locale"
COMPILED_CATALOGUES = DATA_DIR / "locale"
LOCALE_PATHS = [CATALOGUES, COMPILED_CATALOGUES]
FORMAT_MODULE_PATH = ["cted.formats"]
TIME_ZONE = "UTC"
# In which staff are asked for moments, unless they choose another.
OFFICE_TIME_ZONE = env("OFFICE_TIME_ZONE", default="America/New_York")
USE_I18N = True
# Years, numbers of resolutions and keys are text wherever a page shows them.
USE_THOUSAND_SEPARATOR = True
USE_TZ = True


# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
# Where the data package is built that everybody may take.
BUNDLE_DIR = DATA_DIR / "bundle"
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
# Pages name files by their digest alone. Compressing the others too, and maps of sources, takes four times as long.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# For people at a terminal a line; otherwise an object a line, for whatever collects logs.
LOG_FORMAT = env("LOG_FORMAT", default="line" if sys.stderr.isatty() else "json")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {LOG_FORMAT!r}.")
# Whether each request that Django answers gets a line. Pages that are kept are answered in front of it.
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=False)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "cted.logs.InRequest"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"},
        "json": {"()": "cted.logs.JSON"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"cted.requests": {"level": "INFO" if LOG_REQUESTS else "WARNING"}},
}
