"""The one settings file. Every value that differs between machines comes from the environment."""

from pathlib import Path

from ediary import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = env.flag("BEHIND_TLS", default=not (DEBUG or DEMO))
# Proxies of ours before the web server: ClientAddressMiddleware alone reads X-Forwarded-For;
# everything else (history, sessions, limits of allauth and DRF) takes REMOTE_ADDR.
PROXIES = env.number("PROXIES", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "csp",
    "common",
    "audit",
    "people",
    "regulation",
    "school",
    "consent",
    "access",
    "journal",
    "diary",
    "printouts",
    "correspondence",
    "notifications",
    "control",
    "exchange",
    "ediary",
]

MIDDLEWARE = [
    "ediary.middleware.ClientAddressMiddleware",
    "ediary.middleware.RequestLogMiddleware",
    "ediary.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ediary.middleware.PackMiddleware",
    "ediary.middleware.PageHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.middleware.SessionUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "exchange.middleware.TokenMiddleware",
    "people.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "people.middleware.ScopeMiddleware",
    "common.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ediary.urls"
WSGI_APPLICATION = "ediary.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "ediary.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "common.templatetags.words"],
        },
    },
]

# What acts of destruction say of the data's other places.
BACKUP_DAYS = env.number("BACKUP_DAYS", 30)
DATA_PROCESSOR = env.text("DATA_PROCESSOR", "")

# PROCESS=worker connects as the worker role; everything else is the web role. Migrations use "owner".
PROCESS = env.text("PROCESS", "web")
_url = "DATABASE_WORKER_URL" if PROCESS == "worker" else "DATABASE_URL"
DATABASES = {
    # A prepared statement (common/prepared.py) keeps one plan: planning it each time costs more.
    "default": env.database(_url, options="-c plan_cache_mode=force_generic_plan")
    | {
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "owner"},
    },
    "owner": env.database("DATABASE_OWNER_URL", env.text(_url))
    | {"TEST": {"DEPENDENCIES": [], "NAME": env.text("TEST_DATABASE_NAME", "test_ediary")}},
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
# Counters of sign-in attempts: in the database, so that sign-in works while the broker is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ediary_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "access.adapters.ClosedAccountAdapter"
ACCOUNT_FORMS = {"login": "access.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = 0
# A school sits behind one address: per-account limits guard, per-address limits only slow floods.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "300/m/ip,5/300s/key"}
MFA_ADAPTER = "access.adapters.EncryptedMFAAdapter"
# An address that the family never confirmed must not keep her from the second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
USERSESSIONS_TRACK_ACTIVITY = False
CSRF_FAILURE_VIEW = "ediary.views.stale_form"
SESSION_ENGINE = "people.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = "ru"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS: list[str] = []
LANGUAGES = [("ru", "Русский")]
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", VAR / "assets"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.text("MEDIA_ROOT", str(VAR / "media"))},
    },
    "staticfiles": {"BACKEND": "common.storage.ModuleStaticFilesStorage"},
}
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR / "media"))
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# A class's stack has a file input a signer, and browsers send the empty ones too.
DATA_UPLOAD_MAX_NUMBER_FILES = 400

globals().update(env.email("EMAIL_URL", "console://"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Электронный дневник <diary@localhost>")
# Where the demo's mail server leaves every message as a file; /dev/outbox/ reads it.
DEMO_MAIL_DIR = Path(env.text("MAIL_DIR", str(VAR / "demo" / "mail")))
SMS_URL = env.text("SMS_URL", "")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# kombu looks for lost tasks every interval x throttle seconds; the timeout exceeds the longest task.
# A person who orders a document does not wait long for a silent broker: the order is in the database.
_patience = 5 if PROCESS == "worker" else 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": _patience,
    "socket_connect_timeout": _patience,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
# The clock of jobs that run daily "at" a time; schools of other zones are the job's own business.
CELERY_TIMEZONE = env.text("JOBS_TIME_ZONE", "Europe/Moscow")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "exchange.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "exchange.problems.problem_handler",
    "NUM_PROXIES": 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Электронный журнал и дневник",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "exchange.documentation.OnceGenerator",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

METRICS_TOKEN = env.text("METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ediary.logs.Formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "fontTools": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
