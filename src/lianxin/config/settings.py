"""Django's settings, derived from the typed environment."""

import os
import secrets
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from lianxin.config.environment import DISTRICT_LEVEL, Environment, database_from

ENV = Environment.read(os.environ)

VAR_DIR = ENV.var_dir
DATA_DIR = ENV.data_dir
KEY_FILE = ENV.keys
FILES_ROOT = VAR_DIR / "files"
SEAL_COPY_DIR = ENV.seal_copy_dir or VAR_DIR / "seals"
LEVEL = ENV.level
FEED_DIR = ENV.feed_dir
UPLOAD_LIMIT_BYTES = ENV.upload_limit_mb * 1024 * 1024
IDLE_MINUTES = ENV.idle_minutes
TIANDITU_KEY = ENV.tianditu_key
BASE_URL = ENV.base_url
TESTING = ENV.testing
DEBUG = ENV.debug


def _secret_key(path: Path | None) -> str:
    """Give the signing secret of this deployment, made once and kept beside the key ring."""
    if path is None:
        return ENV.secret_key or "tests-only-secret-key-that-signs-nothing-of-value"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        with partial.open("x") as file:
            partial.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
        # A link comes whole or not at all: whoever starts at the same time reads the one secret that came first.
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
    return path.read_text().strip()


SECRET_KEY_FILE = None if ENV.secret_key or TESTING else VAR_DIR / "secret-key"
SECRET_KEY = _secret_key(SECRET_KEY_FILE)
ALLOWED_HOSTS = [host.strip() for host in ENV.hosts.split(",") if host.strip()]
if ENV.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "lianxin.platform.apps.PlatformConfig",
    "lianxin.domain.places.apps.PlacesConfig",
    "lianxin.domain.channels.apps.ChannelsConfig",
    "lianxin.domain.people.apps.PeopleConfig",
    "lianxin.domain.reporting.apps.ReportingConfig",
    "lianxin.domain.points.apps.PointsConfig",
    "lianxin.domain.bookings.apps.BookingsConfig",
    "lianxin.domain.resources.apps.ResourcesConfig",
    "lianxin.domain.needs.apps.NeedsConfig",
    "lianxin.domain.projects.apps.ProjectsConfig",
    "lianxin.domain.voice.apps.VoiceConfig",
    "lianxin.domain.activities.apps.ActivitiesConfig",
    "lianxin.domain.shop.apps.ShopConfig",
    "lianxin.insight.apps.InsightConfig",
    "lianxin.faces.kit",
    "lianxin.faces.entrance",
    "lianxin.faces.resident",
    "lianxin.faces.staff",
    "lianxin.faces.district",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
]

MIDDLEWARE = [
    "lianxin.faces.kit.problems.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lianxin.faces.entrance.session.PatientSessionMiddleware",
    "lianxin.faces.kit.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianxin.faces.entrance.middleware.ActorMiddleware",
]

# A city or a province holds no records: every address of theirs is unknown there, whoever asks.
ROOT_URLCONF = "lianxin.config.urls" if ENV.level == DISTRICT_LEVEL else "lianxin.config.upper_urls"
WSGI_APPLICATION = "lianxin.config.wsgi.application"
# For the API's documentation page. As an installed app ninja would be loaded at once, with everything that it needs.
NINJA = Path(str(find_spec("ninja").origin)).parent  # type: ignore[union-attr]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "lianxin.faces.kit.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lianxin.faces.kit.templatetags.kit",
                "lianxin.faces.kit.templatetags.charts",
            ],
        },
    }
]

DATABASES = {"default": database_from(ENV.database_url, VAR_DIR, cache_kb=ENV.sqlite_cache_kb)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",
    ]
)
LOGIN_URL = "login"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lianxin.faces.kit.problems.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.https:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-lianxin"
    CSRF_COOKIE_NAME = "__Host-lianxin-csrf"
    SECURE_HSTS_SECONDS = 31536000
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by `lianxin up` and by watchers on the machine itself

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lianxin-language"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [NINJA / "static"]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "files"}},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING or DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
FILE_UPLOAD_TEMP_DIR = None

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "lianxin.config.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else ENV.log_level},
    "loggers": {"django.server": {"level": "WARNING"}},
}
