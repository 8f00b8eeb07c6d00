"""The API: who may ask how often, how it answers, and how it is described."""

import environ

env = environ.Env()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    # Per resident, or per address for those without a token; a mobile operator
    # puts many phones behind one address. "phone" counts by the number typed.
    "DEFAULT_THROTTLE_RATES": {
        "user": "600/min",
        "reading": env.str("RATE_READING", default="600/min"),
        "login_code": env.str("RATE_LOGIN_CODE", default="60/hour"),
        "sessions": env.str("RATE_SESSIONS", default="120/hour"),
        "phone": env.str("RATE_PHONE", default="20/hour"),
        "profile": env.str("RATE_PROFILE", default="60/hour"),
        "orders": env.str("RATE_ORDERS", default="30/min"),
        "payments": env.str("RATE_PAYMENTS", default="60/min"),
        "claims": env.str("RATE_CLAIMS", default="30/hour"),
    },
    # How many proxies of ours stand in front; what others write into
    # X-Forwarded-For is not believed.
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "EXCEPTION_HANDLER": "config.error_responses.api_exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tuanpei 团配",
    "DESCRIPTION": (
        "What a mini-program needs to sell for a leader's group: catalogue, orders, payment, "
        "claims. Amounts are whole fen, moments carry their offset. Every refusal has the same "
        "three parts: code, message, details."
    ),
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Its validator badge would ask a stranger's server.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["orders.api.schema.versioned_only"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.version.schema_versioned",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ClaimKind": "orders.models.claims.ClaimKind",
        "ClaimState": "orders.models.claims.ClaimState",
        "OrderState": "orders.models.orders.OrderState",
        "PayMethod": "orders.models.payments.PayMethod",
        "PaymentState": "orders.models.payments.PaymentState",
        "RefundReason": "orders.models.payments.RefundReason",
        "RefundState": "orders.models.payments.RefundState",
        "Storage": "orders.models.catalogue.Storage",
    },
    "TAGS": [
        {"name": "Log-in", "description": "A code by message, a bearer token for it."},
        {"name": "Me", "description": "Name, door, leader, and which messages are welcome."},
        {"name": "Shop", "description": "Leaders, their pickup points, and what is on sale."},
        {"name": "Orders", "description": "Placed once per key, however often they are sent."},
        {"name": "Payment", "description": "One live attempt per order, and what became of it."},
        {"name": "Claims", "description": "What was wrong with the goods, with photos."},
    ],
}
