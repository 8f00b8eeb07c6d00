"""Whether the process lives, and whether it is fit to answer.

`/healthz` asks nothing. `/readyz` fails only for what keeps this process from
answering people: the database, and tables its code does not know. Broker, beat
and outbox are shared; taking every web process out because one of them rests
would close the shop over nothing. They are told, and `?strict` counts them.
"""

import hmac
from collections.abc import Callable, Mapping
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from config.celery import app
from fulfillment.selectors.operations import message_backlog, tick_age_s

NEEDED = ("database", "migrations")
BROKER_TIMEOUT_S = 1

Findings = Mapping[str, str]


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponseBase:
    """Answer: the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponseBase:
    """Answer 200 if people may be sent here, else 503; details for who brings the token."""
    findings = {name: check() for name, check in CHECKS.items()}
    counted = CHECKS if "strict" in request.GET else NEEDED
    ready = not any(findings[name] for name in counted)
    status = "unready" if not ready else "degraded" if any(findings.values()) else "ready"
    answer: dict[str, object] = {"status": status}
    if has_token(request):
        answer["checks"] = {name: found or "ok" for name, found in findings.items()}
    return JsonResponse(answer, status=200 if ready else 503)


def has_token(request: HttpRequest) -> bool:
    """Whether the request brings the token of those who watch; without one set, nobody does."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return ""


def _migrations() -> str:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "no answer"
    pending = len(_migrations_on_disk() - applied)
    return f"{pending} pending" if pending else ""


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=BROKER_TIMEOUT_S) as line:
            line.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_S)
    except (OperationalError, OSError):
        return "no answer"
    return ""


def _beat() -> str:
    try:
        age_s = tick_age_s(now=timezone.now())
    except DatabaseError:
        return "no answer"
    if age_s is None:
        return "never ticked"
    return f"silent for {age_s:.0f} s" if age_s > settings.READY_TICK_MAX_S else ""


def _outbox() -> str:
    try:
        messages = message_backlog(now=timezone.now())
    except DatabaseError:
        return "no answer"
    if messages.age_s <= settings.READY_OUTBOX_MAX_S:
        return ""
    return f"{messages.depth} waiting, the oldest for {messages.age_s:.0f} s"


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "beat": _beat,
    "outbox": _outbox,
}
