"""The one settings file. What differs between installations comes from the environment."""

from datetime import timedelta

import environ
from django.utils.translation import gettext_lazy as _

from cceval import env

ENV = env.read()
BASE_DIR = env.BASE_DIR

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
ORIGIN = ENV.origin
ENVIRONMENT = ENV.environment
HTTPS = ORIGIN.startswith("https://")

INSTALLED_APPS = [
    "apps.core",
    "apps.workspace",
    "apps.rfp",
    "apps.bids",
    "apps.matrix",
    "apps.pricing",
    "apps.readiness",
    "apps.decision",
    "apps.reports",
    "cceval",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules.apps.AutodiscoverRulesConfig",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "apps.core.middleware.edge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.core.middleware.no_store",
    "apps.core.middleware.say_no_page",
    "apps.core.middleware.Tenancy",
    "apps.bids.views.keys.VendorKeys",
]

ROOT_URLCONF = "cceval.urls"
WSGI_APPLICATION = "cceval.wsgi.application"
COTTON_DIR = "ui"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it was given, never the page around it
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "apps.core.templatetags.ui",
                "apps.core.templatetags.formats",
                "apps.core.templatetags.charts",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.workspace.views.frame.frame",
            ],
        },
    }
]

# The application login is bound by row-level security; the owner login migrates, nothing else.
DATABASES = {"default": ENV.database, "owner": ENV.owner_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.redis_url,
        "KEY_PREFIX": "cceval",
    }
}

AUTH_USER_MODEL = "workspace.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.workspace.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # sign-up itself is closed
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are proved by the invitation that reached them
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "apps.workspace.forms.LoginForm",
    "change_password": "apps.workspace.forms.ChangePasswordForm",
    "set_password": "apps.workspace.forms.SetPasswordForm",
    "reset_password": "apps.workspace.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.workspace.forms.ResetPasswordKeyForm",
    "reauthenticate": "apps.workspace.forms.ReauthenticateForm",
    "request_login_code": "apps.workspace.forms.RequestLoginCodeForm",
    "confirm_login_code": "apps.workspace.forms.ConfirmLoginCodeForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENV.behind_edge else 0
MFA_ADAPTER = "apps.workspace.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "apps.workspace.forms.AuthenticateForm",
    "reauthenticate": "apps.workspace.forms.ReauthenticateCodeForm",
    "activate_totp": "apps.workspace.forms.ActivateForm",
    "add_webauthn": "apps.workspace.forms.AddPasskeyForm",
    "edit_webauthn": "apps.workspace.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "cceval"

SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_edge else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "publickey-credentials-get": ["self"],
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
FILES_DIR = ENV.data_dir / "files"
KEY_STORE = ENV.key_store
SIGNING_DIR = ENV.signing_dir
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_LIMIT = 10 * 2**20
SCANNER = ENV.scanner
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = ["apps.core.files.MemoryOnlyUploadHandler"]

_mail = environ.Env.email_url_config(ENV.email_url)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.mail_from
MAIL_SINK = ENV.mail_sink

BEHIND_EDGE = ENV.behind_edge
GRACE = timedelta(seconds=ENV.grace_seconds)
JOB_LEASE = timedelta(seconds=30)
JOB_STALE = timedelta(seconds=30)
TENANT_RESOLVER = "apps.workspace.selectors.organisation_for"
# Whose page an address is: the part of it that names an object, its model, its owner's column.
# The first that an address has counts: a bid on a buyer's page belongs to the procurement.
TENANT_OBJECTS = (
    ("procurement_id", "workspace.Procurement", "organisation_id"),
    ("bid_id", "bids.Bid", "vendor_id"),
)
SILENCED_SYSTEM_CHECKS: list[str] = []

# What the dashboard of a procurement collects, in the order of the work.
OVERVIEW = [
    f"apps.{app}.selectors.overview.facts"
    for app in ("rfp", "bids", "matrix", "decision", "reports")
]
DASHBOARD = [
    f"apps.{app}.selectors.todos"
    for app in ("rfp", "bids", "matrix", "pricing", "readiness", "decision", "reports")
]

# After these acts the record is signed at once, and the procurement's auditors get the checkpoint.
LOG_MILESTONES = frozenset({
    "addendum.publish", "bid.submit", "bid.withdraw", "bids.extend_offers", "bids.opened",
    "decision.approve", "rfp.close", "rfp.extend", "rfp.publish", "scoring.lock", "shortlist.confirm",
    "reopening.confirm",
})  # fmt: skip
LOG_READERS = "apps.workspace.selectors.auditors_of"
WITNESS_DIR = ENV.witness_dir
TIME_STAMPING = ENV.time_stamping  # the authority that stamps checkpoints; empty: none does

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.access.ApiPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.Pages",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "apps.core.api.problem",
    "FORMAT_SUFFIX_KWARG": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {"TITLE": "cceval", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

LOGGING_CONFIG = "cceval.logging.configure"
LOGGING = {"level": ENV.log_level}
