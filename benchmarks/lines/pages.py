"""Every list of the admin and every page of a desk, asked as people ask: seconds and queries."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leaders.models.accounts import User
from tests.sweep.routes import every_route

DESKS = re.compile(
    r"^(reports|workbench|audit|countersignatures|compliance|settlement|service|concentration"
    r"|recruiting)/"
)
# What somebody types who looks for one of the rows of the town.
SEARCH = "LN-000001234"


@dataclass(slots=True)
class Asked:
    """What one address answered."""

    status: int = 0
    queries: int = 0
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Ask every address `sys.argv[1]` times after a first time; print what came, by address."""
    logging.disable(logging.CRITICAL)
    User.objects.filter(username="bench").delete()
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_superuser("bench"))
    answers = {path: _asked(client, path, int(sys.argv[1])) for path in _addresses()}
    sys.stdout.write(json.dumps({path: asdict(asked) for path, asked in answers.items() if asked}))


def _addresses() -> Iterator[str]:
    for model, page in sorted(admin.site._registry.items(), key=lambda entry: str(entry[0])):
        if str(model._meta.app_label) not in ("leaders", "orders", "fulfillment"):
            continue
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield path
        if page.search_fields:
            yield f"{path}?q={SEARCH}"
    for route in every_route():
        if not route.arguments and DESKS.match(route.pattern):
            yield f"/{route.pattern}"


def _asked(client: Client, path: str, times: int) -> Asked | None:
    """None for what is no page: a file, or an address that only takes what is sent."""
    asked = Asked()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    asked.status, asked.queries = answer.status_code, len(queries)
    if asked.status == 405 or "html" not in answer.headers.get("Content-Type", ""):
        return None
    for _time in range(times):
        began = time.perf_counter()
        client.get(path)
        asked.seconds.append(time.perf_counter() - began)
    return asked
