"""Production: refuses to start without a secret, hosts, HTTPS and a real database."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import (
    IDENTITY_KEYS,
    MESSAGE_CHANNELS,
    PAYMENT_PROVIDER,
    REST_FRAMEWORK,
    SHOW_LOGIN_CODES,
    WECHATPAY,
    env,
)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": env.db_url("DATABASE_URL") | {"CONN_MAX_AGE": 600}}
CELERY_BROKER_URL = env.str("BROKER_URL")
SITE_URL = env.str("SITE_URL")

if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must be an https address")
if "postgresql" not in str(DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured("DATABASE_URL must point at PostgreSQL")
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
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
