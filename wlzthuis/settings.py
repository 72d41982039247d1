"""Settings of the portal. What differs per place comes from the environment (see README)."""

import os
from pathlib import Path
from typing import Any

from celery.schedules import crontab, schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from wlzthuis import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECURE = env.flag("SECURE", default=not (DEBUG or DEMO))
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY; `make run` makes one for the embedded servers")
if DEBUG and SECURE:
    raise ImproperlyConfigured("DEBUG=1 shows the inside of the portal to everybody: not with SECURE=1")
if not (DEBUG or DEMO):
    env.refuse_unsafe_secrets(SECRET_KEY, os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
# Earlier ones, newest first: what they signed and encrypted still counts.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# The portal's own terms. Their legal length is to be confirmed, so they are configuration.
PUBLICATION_WAIT_DAYS = env.number("PUBLICATION_WAIT_DAYS", 14)
REACTION_TERM_WEEKS = env.number("REACTION_TERM_WEEKS", 4)
# Which signals the worklist shows, and from when: a file like the one that stands here.
WORKLIST_RULES = os.environ.get("WORKLIST_RULES") or BASE_DIR / "assessments" / "worklist_rules.yaml"
# How many days rows are kept after they ended (see providers.retention); 0 keeps them for good.
RETENTION_DAYS = {
    "mails": env.number("RETENTION_MAILS_DAYS", 90),
    "invitations": env.number("RETENTION_INVITATIONS_DAYS", 365),
    "applications": env.number("RETENTION_APPLICATIONS_DAYS", 365),
    "imports": env.number("RETENTION_IMPORTS_DAYS", 90),
    "people": env.number("RETENTION_PEOPLE_DAYS", 2557),
    "sessions": env.number("RETENTION_SESSIONS_DAYS", 1),
}
UPLOAD_MAX_BYTES = 25 * 1024 * 1024
# What all evidence of one organisation may take together, in megabytes.
EVIDENCE_QUOTA_MB = env.number("EVIDENCE_QUOTA_MB", 5120)
# A ClamAV daemon: tcp://host:port or unix:///path. Empty: uploads are not scanned.
CLAMD_URL = os.environ.get("CLAMD_URL", "")
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("CLAMD_URL must be tcp://host:port or unix:///path")
# How many of our own proxies add the address they saw to X-Forwarded-For.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 1 if SECURE else 0)
# Shown to people who need help; there is no other contact detail.
SUPPORT_EMAIL = os.environ.get("SUPPORT_EMAIL", "hulp@thuispeil.example")
# Where people find the portal; links in mails begin with it.
PUBLIC_URL = os.environ.get("PUBLIC_URL") or "http://localhost:8000"

# Where people report a weakness; an e-mail address or the address of a page.
SECURITY_CONTACT = os.environ.get("SECURITY_CONTACT") or SUPPORT_EMAIL

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "wlzthuis",
    "norms",
    "providers",
    "assessments",
    "reports",
]

MIDDLEWARE = [
    "wlzthuis.origin.OriginMiddleware",
    "wlzthuis.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wlzthuis.middleware.RequestSizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "wlzthuis.middleware.HeadersMiddleware",
    "wlzthuis.middleware.CookielessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "providers.accounts.middleware.SessionLifeMiddleware",
    "providers.middleware.ActorMiddleware",
    "providers.accounts.middleware.SecondFactorMiddleware",
    "wlzthuis.middleware.AnsweredFormsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wlzthuis.middleware.SignedOutMiddleware",
]

# Where traces are sent to (see wlzthuis.tracing); OpenTelemetry reads its other variables itself.
TRACES_TO = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
# Prometheus brings it to /metrics; without one that page is not there and nothing is counted.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 20:
        raise ImproperlyConfigured("METRICS_TOKEN must be random, and 20 characters or longer")
    MIDDLEWARE.insert(0, "wlzthuis.metrics.MeasureMiddleware")

ROOT_URLCONF = "wlzthuis.urls"
WSGI_APPLICATION = "wlzthuis.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "nlds"
CRISPY_TEMPLATE_PACK = "nlds"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["wlzthuis.templatetags.thuispeil", "wlzthuis.templatetags.drawn"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wlzthuis.context.shell",
            ],
        },
    },
]

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", "postgresql:///thuispeil"))}
# A request is one transaction, which knows who acts (see wlzthuis.isolation).
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=True)
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes, for the counts of who tries too often.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "providers.User"
AUTHENTICATION_BACKENDS = ["providers.actor.PersonBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "providers.passwords.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# 1: asks a public service, by a part of its hash, whether a new password was leaked. When the service is
# away, the list of common passwords is what remains.
if env.flag("PWNED_PASSWORDS", default=not DEMO):
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "pwned_passwords_django.validators.PwnedPasswordsValidator",
            "OPTIONS": {
                "error_message": "Dit wachtwoord is ergens uitgelekt. Kies een ander wachtwoord.",
                "help_message": "Uw wachtwoord mag niet op een lijst van gelekte wachtwoorden staan.",
            },
        }
    )
PWNED_PASSWORDS = {"API_TIMEOUT": 2.0}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "assessments:tasks"
LOGOUT_REDIRECT_URL = "start"

# Signing in (django-allauth, see providers.accounts). People come in by invitation only.
ACCOUNT_ADAPTER = "providers.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "providers.accounts.adapter.display_name"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/10m/ip,5/15m/key",
    # Whatever the address: guesses from many places at one account.
    "login_failed_account": "100/h/key",
    # Each is a mail: nobody's mailbox is filled from here.
    "reset_password": "20/m/ip,5/h/key",
}
ACCOUNT_FORMS = {
    "login": "providers.accounts.forms.LoginForm",
    "add_email": "providers.accounts.forms.ChangeEmailForm",
    "change_password": "providers.accounts.forms.ChangePasswordForm",
    "set_password": "providers.accounts.forms.SetPasswordForm",
    "reset_password": "providers.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "providers.accounts.forms.NewPasswordForm",
    "reauthenticate": "providers.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "providers.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Else who has a second factor could never move to another e-mail address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Thuispeil"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "providers.accounts.forms.SecondStepForm",
    "reauthenticate": "providers.accounts.forms.SecondStepAgainForm",
    "activate_totp": "providers.accounts.forms.ActivateAppForm",
    "deactivate_totp": "providers.accounts.forms.RemoveAppForm",
    "generate_recovery_codes": "providers.accounts.forms.NewCodesForm",
    "add_webauthn": "providers.accounts.forms.AddPasskeyForm",
}
# Compulsory: inspectors, care offices, directors and administrators do nothing before they have one.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("compulsory", "optional"), "optional" if DEMO else "compulsory")
SOCIALACCOUNT_ADAPTER = "providers.accounts.adapter.SignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link and no form: brokers send people on, and the policy for forms follows them to places it cannot know.
SOCIALACCOUNT_LOGIN_ON_GET = True
# Signing in elsewhere, by OpenID Connect: a broker of eHerkenning for providers and care offices, and the
# inspectorate's own. Without an issuer there is no such way in. What each must say is in providers.accounts.
SIGN_ONS: list[dict[str, Any]] = [
    {
        "provider_id": "eherkenning",
        "name": "eHerkenning",
        "client_id": os.environ.get("EHERKENNING_CLIENT_ID", ""),
        "secret": os.environ.get("EHERKENNING_SECRET", ""),
        "settings": {
            "server_url": os.environ.get("EHERKENNING_ISSUER", ""),
            "kvk_claim": os.environ.get("EHERKENNING_KVK_CLAIM")
            or "urn:etoegang:1.9:EntityConcernedID:KvKnr",
            "loa_claim": os.environ.get("EHERKENNING_LOA_CLAIM") or "acr",
            "min_loa": env.choice("EHERKENNING_MIN_LOA", ("loa2", "loa2plus", "loa3", "loa4"), "loa3"),
        },
    },
    {
        "provider_id": "inspectie",
        "name": "het account van uw inspectie",
        "client_id": os.environ.get("INSPECTORATE_OIDC_CLIENT_ID", ""),
        "secret": os.environ.get("INSPECTORATE_OIDC_SECRET", ""),
        "settings": {
            "server_url": os.environ.get("INSPECTORATE_OIDC_ISSUER", ""),
            # 1: it asks for a second factor itself, so we do not.
            "second_factor": env.flag("INSPECTORATE_OIDC_SECOND_FACTOR"),
        },
    },
]
if not (DEBUG or DEMO):
    env.refuse_plain(*(app["settings"]["server_url"] for app in SIGN_ONS))
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [app for app in SIGN_ONS if app["settings"]["server_url"]],
    }
}

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PRIVATE_ROOT = Path(os.environ.get("PRIVATE_ROOT", BASE_DIR / ".local" / "private"))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A little above one file plus its form, so that the form itself can say what is too large.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Without a mail server mails are kept and not sent; a demo shows them in its mailbox.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
# 1: encrypted from STARTTLS on, or from the first byte on port 465.
EMAIL_TLS = env.flag("EMAIL_TLS", default=True)
EMAIL_USE_SSL = EMAIL_TLS and EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_TLS and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
MAIL_FROM = os.environ.get("MAIL_FROM") or f"Thuispeil <{SUPPORT_EMAIL}>"

CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A render that hangs ends before its lease does (see reports.services), so that two never run at once.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 90, 110
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Publishing a task may not hold a request when the broker is away: the row in the database is the outbox.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 0,
}
# Workers take turns between the queues, so a mail waits for one report at most and not for all of them.
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("celery", "soon", "files")]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {
    name: {"queue": "soon"} for name in ("providers.tasks.send_mails", "wlzthuis.tasks.sign_of_life")
} | {"assessments.tasks.examine_evidence": {"queue": "files"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "publish-due-reports": {"task": "assessments.tasks.publish_due", "schedule": schedule(10)},
    "close-reaction-terms": {"task": "assessments.tasks.close_reaction_terms", "schedule": schedule(60)},
    "remind-reactions": {
        "task": "assessments.tasks.remind_reactions",
        "schedule": crontab(hour="7-20", minute=20),
    },
    "tell-providers": {"task": "assessments.tasks.tell_providers", "schedule": schedule(300)},
    # In the daytime, and more than once: a worker that is away at seven costs an hour, not the reminder.
    "remind-campaigns": {
        "task": "assessments.tasks.remind_campaigns",
        "schedule": crontab(hour="7-20", minute=5),
    },
    "send-digests": {
        "task": "assessments.tasks.send_digests",
        "schedule": crontab(hour="7-20", minute="*/15"),
    },
    "examine-waiting-evidence": {"task": "assessments.tasks.examine_waiting", "schedule": schedule(300)},
    "remind-evidence": {
        "task": "assessments.tasks.remind_evidence",
        "schedule": crontab(hour="7-20", minute=35),
    },
    "take-old-reports-offline": {"task": "assessments.tasks.take_offline", "schedule": schedule(3600)},
    # What begins to bind on a day does so in drafts that morning.
    "follow-the-day": {"task": "assessments.tasks.follow_the_day", "schedule": crontab(hour=0, minute=10)},
    "refresh-signals": {"task": "assessments.tasks.refresh_signals", "schedule": schedule(60)},
    "refresh-all-signals": {
        "task": "assessments.tasks.refresh_all_signals",
        "schedule": crontab(hour=0, minute=40),
    },
    "remove-old": {"task": "providers.tasks.remove_old", "schedule": crontab(hour=3, minute=20)},
    "follow-audit-chain": {
        "task": "providers.tasks.follow_audit_chain",
        "schedule": crontab(hour=4, minute=20),
    },
    "send-mails": {"task": "providers.tasks.send_mails", "schedule": schedule(30)},
    # Worth nothing once the next one is sent, so what waits too long is dropped.
    "sign-of-life": {
        "task": "wlzthuis.tasks.sign_of_life",
        "schedule": schedule(15),
        "options": {"expires": 15},
    },
    "requeue-stale-reports": {"task": "reports.tasks.requeue_stale", "schedule": schedule(15)},
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# By this prefix browsers let nobody but this very host set them, over https.
_bound = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_bound}sessionid", f"{_bound}csrftoken"
MESSAGE_COOKIE_NAME = f"{_bound}messages"
MESSAGE_STORAGE = "wlzthuis.messages.MessageStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# A visit on a device without a network locks itself after so long without a touch.
OFFLINE_LOCK_MINUTES = env.number("OFFLINE_LOCK_MINUTES", 5)
# A session ends after this time without anything done, and whatever is done after SESSION_COOKIE_AGE.
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 30)
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
# These two bind every other site below the domain, and for long: whoever owns the domain decides.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": SECURE,
    }
}

LOG_JSON = env.flag("LOG_JSON", default=not (DEBUG or DEMO))
LOGGING = logs.configuration(as_json=LOG_JSON)
