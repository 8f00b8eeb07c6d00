"""Every setting once; what differs between machines comes from the environment.

`config.settings.test` and `config.settings.production` start from this file.
Without any environment it is a development and demo set-up on the embedded
servers that `manage.py` starts.
"""

import hashlib
import logging
from pathlib import Path

import environ
from kombu import Queue

from config.logs import logging_config, structlog_configure
from config.settings.access import *
from config.settings.api import *
from config.settings.business import *

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
# A development key derived from the place of the checkout: stable between
# restarts, different on every machine, refused by the production settings.
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    "insecure-" + hashlib.sha256(str(BASE_DIR).encode()).hexdigest()
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

VAR_DIR = Path(env.str("TUANPEI_VAR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "fulfillment.apps.FulfillmentConfig",
    "orders.apps.OrdersConfig",
    "leaders.apps.LeadersConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "config.request_logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.access.SecondFactorMiddleware",
    "config.error_responses.DomainErrorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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

# Database ------------------------------------------------------------------
# PostgreSQL everywhere. `manage.py` sets DATABASE_URL to the embedded server
# when nobody else did.
DATABASES = {
    "default": env.db_url("DATABASE_URL", default="postgres://tuanpei@127.0.0.1:5432/tuanpei")
    | {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600), "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Memory of each process: what it holds may be lost, and the broker may be down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# People --------------------------------------------------------------------
AUTH_USER_MODEL = "leaders.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "config.access.BorrowedRightsBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# The link by which a new leader sets a password works so long, and once.
PASSWORD_RESET_TIMEOUT = env.int("LOGIN_LINK_HOURS", default=72) * 3600
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"

# Language and time ---------------------------------------------------------
# Chinese for everyone, whatever language a phone is set to: leaders, sorters and
# drivers work together on the same words, those of the papers.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
PAPERS_ROOT = Path(env.str("PAPERS_ROOT", default=str(VAR_DIR / "papers")))
# Files of reports; nobody is served them but by a page that asks who it is.
REPORTS_ROOT = Path(env.str("REPORTS_ROOT", default=str(VAR_DIR / "reports")))
# Pictures of the selling kit; whatever is missing is drawn again.
PICTURES_ROOT = Path(env.str("PICTURES_ROOT", default=str(VAR_DIR / "pictures")))
# An operator's own words on the papers (docs/howto/change-a-paper.md).
PAPER_TEMPLATES_DIR = (
    Path(folder) if (folder := env.str("PAPER_TEMPLATES_DIR", default="")) else None
)
FONTS_DIR = BASE_DIR / "static" / "vendor" / "fonts" / "noto-sans-sc"

# Maps ----------------------------------------------------------------------
# Plans are drawn on plain ground. An address such as
# https://tiles.example/{z}/{x}/{y}.png puts a map under them; the plan itself
# never leaves the browser, but the tile server sees which places are looked at.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
_TILE_ORIGINS = [MAP_TILE_URL.split("/{z}")[0].replace("{s}", "*")] if MAP_TILE_URL else []

# Addresses -----------------------------------------------------------------
# Who finds the place of an address for applicants: none, nominatim, baidu or amap
# (docs/operations.md). Baidu and Amap need a key, and may be asked elsewhere
# than at their own address.
GEOCODER = env.str("GEOCODER", default="none")
GEOCODER_KEY = env.str("GEOCODER_KEY", default="")
GEOCODER_URL = env.str("GEOCODER_URL", default="")
# Put before an address that does not name it.
GEOCODER_CITY = env.str("GEOCODER_CITY", default="")
GEOCODER_TIMEOUT_S = env.float("GEOCODER_TIMEOUT_S", default=5.0)

# Roads ---------------------------------------------------------------------
# Who says how far and how long it is: estimate, osrm or valhalla
# (docs/howto/use-real-roads.md).
TRAVEL_PROVIDER = env.str("TRAVEL_PROVIDER", default="estimate")
TRAVEL_URL = env.str("TRAVEL_URL", default="")
TRAVEL_PROFILE = env.str("TRAVEL_PROFILE", default="")  # else driving, or auto
# Places on either side of one question; 0 is what the service allows as it comes.
TRAVEL_TABLE_SIZE = env.int("TRAVEL_TABLE_SIZE", default=0)
# For one try of a question, and for all questions of a plan.
TRAVEL_TIMEOUT_S = env.float("TRAVEL_TIMEOUT_S", default=10.0)
TRAVEL_TOTAL_S = env.float("TRAVEL_TOTAL_S", default=120.0)
TRAVEL_CACHE_DIR = Path(env.str("TRAVEL_CACHE_DIR", default=str(VAR_DIR / "travel")))
TRAVEL_CACHE_DAYS = env.int("TRAVEL_CACHE_DAYS", default=30)

# Security ------------------------------------------------------------------
# No inline script or style, no eval, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *_TILE_ORIGINS],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Background work -----------------------------------------------------------
# Every schedule lives in the database: beat only ticks, `advance` decides.
CELERY_BROKER_URL = env.str("BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Every tick is written down at once: its moment is how beat's health is seen.
CELERY_BEAT_SYNC_EVERY = 1
CELERY_TIMEZONE = TIME_ZONE
# A worker takes from every queue unless it is told which (-Q); docs/scaling.md says
# when to tell it. Campaigns that freeze in the same minute are runs side by side,
# and no search for routes stands in front of a cut-off.
CELERY_TASK_DEFAULT_QUEUE = "default"
# Each by a key of its own: queues that share one would all get every task.
CELERY_TASK_QUEUES = [
    Queue(name, routing_key=name) for name in ("default", "runs", "plans", "reports")
]
CELERY_TASK_ROUTES = {
    "fulfillment.tasks.advance_run": {"queue": "runs"},
    "fulfillment.tasks.solve_draft": {"queue": "plans"},
    "fulfillment.tasks.report_build": {"queue": "reports"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
# Longer than the longest task, or the broker hands a running task out twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
ADVANCE_EVERY_SECONDS = env.int("ADVANCE_EVERY_SECONDS", default=15)

# Payments ------------------------------------------------------------------
# The provider new payments go to; earlier ones stay with the one that took them.
PAYMENT_PROVIDER = env.str("PAYMENT_PROVIDER", default="sandbox")  # or wechatpay
PAYMENT_SANDBOX_OPEN = True  # everybody can pay there by pressing a button
# Goods are held this long for a payment, never past the campaign's payment clock.
PAYMENT_MINUTES = env.int("PAYMENT_MINUTES", default=5)
WECHATPAY = {
    "gateway_url": env.str("WECHATPAY_GATEWAY_URL", default="https://api.mch.weixin.qq.com"),
    "merchant_id": env.str("WECHATPAY_MERCHANT_ID", default=""),
    "app_id": env.str("WECHATPAY_APP_ID", default=""),
    "api_v3_key": env.str("WECHATPAY_API_V3_KEY", default=""),
    "merchant_serial": env.str("WECHATPAY_MERCHANT_SERIAL", default=""),
    "merchant_key_file": env.str("WECHATPAY_MERCHANT_KEY_FILE", default=""),
    "platform_key_id": env.str("WECHATPAY_PLATFORM_KEY_ID", default=""),
    "platform_key_file": env.str("WECHATPAY_PLATFORM_KEY_FILE", default=""),
    "timeout_s": env.float("WECHATPAY_TIMEOUT_S", default=8.0),
}

# Messages ------------------------------------------------------------------
# Tried in this order; the first channel that reaches the resident ends the message.
MESSAGE_CHANNELS = env.list("MESSAGE_CHANNELS", default=["console"])  # wechat, sms
# The log-in page of a demo shows the code it has just sent; production refuses.
SHOW_LOGIN_CODES = env.bool("SHOW_LOGIN_CODES", default=False)
_TOPICS = (
    "login_code",
    "order_paid",
    "payment_returned",
    "shortage_refunded",
    "arrived",
    "claim_decided",
    "weight_refunded",
    "purchase_order",
    "purchase_reminder",
    "delivery_late",
    "pickup_reminder",
    "payout_to_confirm",
    "level_notice",
    "claim_to_leader",
    "recall",
)
# A template is its number at the provider, then which slot shows which field:
# "AbC1 thing1=goods amount2=amount" (fields: orders/domain/messages.py).
WECHAT_MESSAGES = {
    "api_url": env.str("WECHAT_API_URL", default="https://api.weixin.qq.com"),
    "send_path": env.str("WECHAT_SEND_PATH", default="/cgi-bin/message/subscribe/send"),
    "app_id": env.str("WECHAT_APP_ID", default=""),
    "app_secret": env.str("WECHAT_APP_SECRET", default=""),
    "timeout_s": env.float("WECHAT_TIMEOUT_S", default=5.0),
    "templates": {
        topic: env.str(f"WECHAT_TEMPLATE_{topic.upper()}", default="") for topic in _TOPICS
    },
}
SMS = {
    "api_url": env.str("SMS_API_URL", default="https://dysmsapi.aliyuncs.com"),
    "access_key_id": env.str("SMS_ACCESS_KEY_ID", default=""),
    "access_key_secret": env.str("SMS_ACCESS_KEY_SECRET", default=""),
    "sign_name": env.str("SMS_SIGN_NAME", default=""),
    "timeout_s": env.float("SMS_TIMEOUT_S", default=5.0),
    "templates": {topic: env.str(f"SMS_TEMPLATE_{topic.upper()}", default="") for topic in _TOPICS},
}

# Mail ----------------------------------------------------------------------
# Scheduled reports: smtp+tls://user:password@host:587, or consolemail:// to read them here.
_MAIL = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_S", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tuanpei@localhost")

# Public address of the platform, printed in the QR codes of papers.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

# Watching -------------------------------------------------------------------
# Who brings this token sees /metrics and the details of /readyz; empty: nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Touched by the backup script; its age is a metric.
BACKUP_STAMP = env.str("BACKUP_STAMP", default="")
# Later than this, /readyz calls beat silent and the outbox late.
READY_TICK_MAX_S = env.int("READY_TICK_MAX_S", default=120)
READY_OUTBOX_MAX_S = env.int("READY_OUTBOX_MAX_S", default=600)

# Logs ------------------------------------------------------------------------
# One JSON object a line, or readable lines; no personal data in either (config/logs.py).
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
LOG_FORMAT = env.str("LOG_FORMAT", default="readable")  # or json
LOGGING = logging_config(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
structlog_configure()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # Django itself warns of them
