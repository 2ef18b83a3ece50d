"""Settings: one file, every variable of the environment read through a typed helper.

`SALESYS_ENV` is `development`, `test` or `production`; production refuses to start when something that protects
people's data is missing. `docs/production.md` lists the variables.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from salesys.embedded.places import EMBEDDED
from salesys.environment import env_bool, env_choice, env_int, env_list, env_text
from salesys.operations.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DEFAULT_SECRET_KEY = "development-only-secret-key-that-production-refuses"  # nosec B105


def database(url: str) -> dict[str, Any]:
    """Django's description of the PostgreSQL database at `url`, or of the embedded one when `url` is empty.

    Raises:
        ImproperlyConfigured: The address is not one of PostgreSQL, or its port is no number.
    """
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env_int("SALESYS_CONNECTION_SECONDS", 0 if TESTING else 60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env_text("SALESYS_TEST_DB", "test_salesys")},
    }
    if not url:
        return common | EMBEDDED.database()
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"A database address begins with postgresql://, not with {parts.scheme!r}.")
    try:
        port = str(parts.port or "")
    except ValueError:
        # The error of the library is not shown: beside the port, an address holds a password.
        raise ImproperlyConfigured("The port of a database address is a number up to 65535.") from None
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def replica(url: str) -> dict[str, Any]:
    """A streaming replica of the database: nobody waits long for one that is down, and nothing is written to it."""
    found = database(url)
    options = {"connect_timeout": 3, "options": "-c default_transaction_read_only=on"} | found.get("OPTIONS", {})
    return found | {"OPTIONS": options, "TEST": {"MIRROR": "default"}}


# What this process is

ENVIRONMENT = env_text("SALESYS_ENV", "test" if "pytest" in sys.modules else "development")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_text("SECRET_KEY", DEFAULT_SECRET_KEY)
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "salesys.web.errors.csrf_failure"


def refuse_unsafe_production() -> None:
    """Stop at the start, with the reason, rather than serve people's data unprotected."""
    reasons = {
        "SECRET_KEY must be set to a long random value of its own.": SECRET_KEY == DEFAULT_SECRET_KEY or len(SECRET_KEY) < 50,
        "SECRET_KEY_FALLBACKS must not hold the key of development.": DEFAULT_SECRET_KEY in SECRET_KEY_FALLBACKS,
        "DEBUG must be off.": DEBUG,
        "ALLOWED_HOSTS must name the hosts that this installation answers for.": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
        "DATABASE_URL must name the PostgreSQL server.": not env_text("DATABASE_URL"),
        "REDIS_URL must name the Redis server.": not env_text("REDIS_URL"),
    }
    wrong = [reason for reason, is_wrong in reasons.items() if is_wrong]
    if wrong:
        raise ImproperlyConfigured("SALESYS_ENV=production refuses to start: " + " ".join(wrong))


if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"SALESYS_ENV={ENVIRONMENT!r} is unknown. Write development, test or production.")
if PRODUCTION:
    refuse_unsafe_production()

# Applications

INSTALLED_APPS = [
    "vip",
    "compensation",
    "planning",
    "pipeline",
    "accounts",
    "salesys",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "salesys.apps.ServedFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "salesys.operations.middleware.RequestLogMiddleware",
    "accounts.access.middleware.OriginMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "salesys.web.requests.ReadableRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "salesys.operations.middleware.HostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "salesys.operations.middleware.SignInMiddleware",
    "salesys.db.replicas.ReplicaMiddleware",
    "salesys.web.middleware.PrivateMiddleware",
    "salesys.web.middleware.RegionalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "salesys.shell.middleware.ErrorPageMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "salesys.urls"
WSGI_APPLICATION = "salesys.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"salesys": "salesys.shell.templatetags.salesys"},
        },
    }
]

# Database, cache, sessions

DATABASES: dict[str, dict[str, Any]] = {"default": database(env_text("DATABASE_URL"))}
REPLICAS = [f"replica{number}" for number, _url in enumerate(env_list("REPLICA_URLS"), start=1)]
REPLICA_MAX_LAG = env_int("REPLICA_MAX_LAG", 10)
DATABASES |= {name: replica(url) for name, url in zip(REPLICAS, env_list("REPLICA_URLS"), strict=True)}
DATABASE_ROUTERS = ["salesys.db.replicas.ReplicaRouter"]
REDIS_URL = env_text("REDIS_URL") or EMBEDDED.redis_url()
if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    raise ImproperlyConfigured(f"REDIS_URL begins with redis://, rediss:// or unix://, not with {urlsplit(REDIS_URL).scheme!r}.")
# Test runs side by side, and a demo beside them, keep their hands off each other's keys and jobs.
REDIS_PREFIX = env_text("SALESYS_TEST_DB", "test_salesys") + env_text("PYTEST_XDIST_WORKER") if TESTING else "salesys"

CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": REDIS_PREFIX,
    "TIMEOUT": 300,
    "OPTIONS": {"socket_timeout": 5},
}
# Limits of sign-ins and of REST need Redis; sessions are in PostgreSQL too, and people go on working without it.
CACHES = {"default": CACHE, "convenience": CACHE | {"BACKEND": "salesys.db.convenience.ConvenienceCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "convenience"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=env_int("SESSION_HOURS", 12, least=1)).total_seconds())

# Sign-in and access

VIEWER_RESOLVER = "accounts.access.viewer.viewer_of"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_ADAPTER = "accounts.people.signing_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/15m/key", "reset_password": "10/m/ip,3/h/key"}  # nosec B105
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXY_COUNT", 0)

# Transport and content security

SECURE_SSL_REDIRECT = PRODUCTION and env_bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Languages and time

LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LANGUAGE_CODE = env_choice("SALESYS_LANGUAGE", "en", [code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
# Each test's browser loads the middleware anew: it looks for the file that is asked for instead of listing them all
WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = Path(env_text("MEDIA_ROOT") or BASE_DIR / "var" / "media")

# REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "salesys.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "salesys.rest.access.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["salesys.rest.access.PerCaller"],
    "DEFAULT_PAGINATION_CLASS": "salesys.rest.pagination.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["salesys.rest.parsers.StrictJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "salesys.rest.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "salesys.rest.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
REST_REQUESTS_PER_MINUTE = env_int("REST_REQUESTS_PER_MINUTE", 600, least=1)
SPECTACULAR_SETTINGS = {
    "TITLE": "salesys",
    "DESCRIPTION": "Plan, calls, deals, payments and commissions of a multi-tier sales department.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
}

# Jobs

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "global_keyprefix": f"{REDIS_PREFIX}:"}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
# Connections on which a commission run writes the first lines of several months at once; tests see what is not committed
COMMISSION_CONNECTIONS = env_int("SALESYS_COMMISSION_CONNECTIONS", 1 if TESTING else 2, least=1)
HEARTBEAT_EVERY = timedelta(seconds=env_int("HEARTBEAT_SECONDS", 30, least=1))
CELERY_BEAT_SCHEDULE = {
    "beat_heartbeat": {"task": "salesys.operations.tasks.beat_heartbeat", "schedule": HEARTBEAT_EVERY},
    "prepare_partitions": {"task": "salesys.db.tasks.prepare_partitions", "schedule": crontab(minute="10", hour="0")},
    "end_dismissed_accounts": {"task": "accounts.people.tasks.end_dismissed_accounts", "schedule": crontab(minute="5")},
    "forget_kept_responses": {"task": "salesys.rest.tasks.forget_kept_responses", "schedule": crontab(minute="30", hour="1")},
    "sweep_claims": {"task": "pipeline.calling.tasks.sweep_claims", "schedule": crontab(minute="*/5")},
    "follow_clients": {"task": "pipeline.deals.tasks.follow_handed_over_clients", "schedule": crontab(minute="15")},
    "resume_payment_files": {"task": "pipeline.money.tasks.resume_payment_files", "schedule": crontab(minute="*/10")},
    "recascade_plans": {"task": "planning.tasks.recascade_plans", "schedule": crontab(minute="20", hour="*")},
    "run_nightly_commissions": {"task": "compensation.tasks.run_nightly_commissions", "schedule": crontab(minute="40", hour="*")},
}

# Logs and metrics

LOGGING = logging_settings(
    as_json=env_choice("LOG_FORMAT", "json" if PRODUCTION else "text", ["json", "text"]) == "json",
    level=env_choice("LOG_LEVEL", "WARNING" if TESTING else "INFO", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
)
PROMETHEUS_FOLDER = env_text("PROMETHEUS_MULTIPROC_DIR")
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env_text("METRICS_TOKEN")

# Mail

EMAIL_BACKEND = env_text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env_text("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", "salesys@localhost")

# Tests: fast where it does not change what is tested

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off -c lock_timeout=120s"
    DATABASES["mirror"] = DATABASES["default"] | {"TEST": {"MIRROR": "default"}}
