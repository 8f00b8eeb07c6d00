"""Log lines: one JSON object each in production, readable in development, about nobody.

Lines of structlog and of the standard library take the same way. Last on it
stands `mask_personal`, so that it sees what everything else has written:
values, sentences, tracebacks.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

EventDict = MutableMapping[str, Any]

MASK = "***"
# Whatever stands under these names, in any case, is not for logs.
DROPPED = re.compile(
    r"(phone|mobile|password|secret|token|cookie|authorization|api_key|receiver|recipient"
    r"|id_number|identity|bank|card|openid|door|address|real_name|payee)",
    re.IGNORECASE,
)
# Whole runs of digits only: order and trade numbers are longer, or hold letters.
PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
CARD = re.compile(r"(?<![\dA-Za-z])\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\dA-Za-z])")
QUERY = re.compile(r"(/[\w./%~-]*)\?[^\s\"'<>]+")
# Links that open something for whoever has them.
SECRET_PATH = re.compile(
    r"(/(?:apply|pay|po|po/papers|login/new/[^/\s]+|j|s|g|c|media)/)"
    r"(?!notices/|sandbox/|status/|sw\.js)[^/\s\"'?<>]{6,}"
)


def masked_text(text: str) -> str:
    """The text without numbers of people, query strings and secret links."""
    text = SECRET_PATH.sub(rf"\1{MASK}", QUERY.sub(r"\1", text))
    text = IDENTITY.sub(MASK, text)
    return CARD.sub(MASK, PHONE.sub(r"\1****\2", text))


def masked(value: object) -> object:
    """The value with every text in it masked, and known names emptied, however deep."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, Mapping):
        return {
            key: MASK if DROPPED.search(str(key)) else masked(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        # A number of a phone is a number, too; figures of ours are smaller or larger.
        return value if masked_text(str(value)) == str(value) else MASK
    return masked_text(str(value))


def mask_personal(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The last processor before the line is written."""
    return {
        key: MASK if DROPPED.search(key) else masked(value)
        for key, value in event.items()
        if not key.startswith("_")
    }


SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def structlog_configure() -> None:
    """Lead structlog's lines to the handlers of the standard library."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """The value of LOGGING: one handler, one way of writing."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.processors.format_exc_info,
                    mask_personal,
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        # A channel for development: what it is told is its whole point.
        "loggers": {"orders.integrations.console_messages": {"level": "INFO"}},
    }
