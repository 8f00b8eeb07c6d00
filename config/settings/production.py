"""Production: refuses to start where people, money or data would not be safe.

Each refusal names the variable. What only makes the platform worse, such as a
slow solver, is no reason to stay down.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.logs import logging_config
from config.settings.base import *
from config.settings.base import (
    EMAIL_BACKEND,
    EMAIL_USE_SSL,
    EMAIL_USE_TLS,
    IDENTITY_KEYS,
    LOG_LEVEL,
    MESSAGE_CHANNELS,
    METRICS_TOKEN,
    PAYMENT_PROVIDER,
    REST_FRAMEWORK,
    SHOW_LOGIN_CODES,
    STAFF_TOTP_REQUIRED,
    WECHATPAY,
    env,
)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": env.db_url("DATABASE_URL") | {"CONN_MAX_AGE": 600}}
CELERY_BROKER_URL = env.str("BROKER_URL")
SITE_URL = env.str("SITE_URL")

LOGGING = logging_config(level=LOG_LEVEL, as_json=True)
# The worker's own lines, too, are JSON and about nobody.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Traffic to these never leaves the machine or the container network of its compose file.
_AT_HAND = ("127.0.0.1", "::1", "localhost", "database", "")
_TLS = ("require", "verify-ca", "verify-full")

if env.bool("DEBUG", default=False):
    # Overruled above; but whoever sets it expects pages that show settings and code.
    raise ImproperlyConfigured("DEBUG must not be set")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or "insecure" in SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 random characters")
if not ALLOWED_HOSTS or any("*" in host for host in ALLOWED_HOSTS):
    # Links in messages are built from the host a request names.
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts, none with a *")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must be an https address")
if urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
    raise ImproperlyConfigured("SITE_URL must be at one of ALLOWED_HOSTS: papers carry it")
if "postgresql" not in str(DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured("DATABASE_URL must point at PostgreSQL")
if DATABASES["default"]["HOST"] not in _AT_HAND and (
    DATABASES["default"].get("OPTIONS", {}).get("sslmode") not in _TLS
):
    raise ImproperlyConfigured("DATABASE_URL must ask for TLS: add ?sslmode=verify-full")
if not STAFF_TOTP_REQUIRED:
    raise ImproperlyConfigured("STAFF_TOTP_REQUIRED must be on: passwords of staff get lost")
if 0 < len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 32 characters, or none")
if not EMAIL_BACKEND.endswith("smtp.EmailBackend") or not (EMAIL_USE_TLS or EMAIL_USE_SSL):
    raise ImproperlyConfigured("EMAIL_URL must be smtp+tls://… or smtp+ssl://…: reports go there")
if SHOW_LOGIN_CODES:
    raise ImproperlyConfigured("SHOW_LOGIN_CODES is for demos: everybody could log in as anybody")
if not MESSAGE_CHANNELS or "console" in MESSAGE_CHANNELS:
    raise ImproperlyConfigured("MESSAGE_CHANNELS must reach people, such as wechat,sms")
if PAYMENT_PROVIDER == "sandbox":
    raise ImproperlyConfigured("PAYMENT_PROVIDER must be a real one, such as wechatpay")
if not all(WECHATPAY.values()):
    raise ImproperlyConfigured(
        "Set every WECHATPAY_ value; missing: "
        + ", ".join(name for name, value in WECHATPAY.items() if not value)
    )
if not IDENTITY_KEYS:
    raise ImproperlyConfigured("IDENTITY_KEYS must hold a Fernet key to seal payees' numbers with")
PAYMENT_SANDBOX_OPEN = False

REST_FRAMEWORK = REST_FRAMEWORK | {"NUM_PROXIES": env.int("TRUSTED_PROXIES", default=1)}

SECURE_SSL_REDIRECT = True
# Asked by the server in front and by the container itself, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
