"""docs/howto/use-the-api.md, held as one conversation with the API."""

import json
import re
import shlex
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from orders.api.endpoints import JSON_BYTES_MAX
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage
from orders.models.payments import SandboxTrade
from tests.docs.pages import DOCS, text
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, SkuFactory
from tests.factories.shops import Shop
from tests.orders.photos import photo

PAGE = "howto/use-the-api.md"
TURN = re.compile(r"```sh\n(curl.+?)\n```\n\n(\d{3})\n(?:\n```json\n(.+?)\n```)?", re.DOTALL)
ANYTHING = "…"


class Turn(NamedTuple):
    """One request of the page, and what it says is answered."""

    command: str
    status: int
    answer: Any


def turns() -> list[Turn]:
    page = (DOCS / PAGE).read_text(encoding="utf-8")
    return [
        Turn(command, int(status), json.loads(answer) if answer else None)
        for command, status, answer in TURN.findall(page)
    ]


def told(command: str, known: Mapping[str, str]) -> tuple[int, Any]:
    """Run a curl command of the page against the platform."""
    for name, value in known.items():
        command = command.replace(f"'${name}'", value).replace(f"${name}", value)
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, address, body = "GET", "", ""
    headers: dict[str, str] = {}
    form: dict[str, list[Any]] = {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            name, _equals, value = next(words).partition("=")
            sent = BytesIO(photo(len(value))) if value == "@one.jpg" else value
            sent = BytesIO(photo(99)) if value == "@two.jpg" else sent
            form.setdefault(name, []).append(sent)
        else:
            address = word
    kind = headers.pop("Content-Type", "application/json")
    client = Client()
    if form:
        response = client.post(address, form, headers=headers)
    else:
        response = client.generic(method, address, body, content_type=kind, headers=headers)
    return response.status_code, json.loads(response.content) if response.content else None


def fits(answer: Any, shown: Any) -> bool:
    """Whether an answer has what the page shows of it; `…` is anything."""
    if shown == ANYTHING:
        return answer not in (None, "")
    if isinstance(shown, dict) and shown:
        return all(name in answer and fits(answer[name], shown[name]) for name in shown)
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(fits, answer, shown))
    return bool(answer == shown)


def learnt(answer: Any) -> dict[str, str]:
    """What the next requests need of an answer."""
    found = answer or {}
    names = {"token": "TOKEN", "order_no": "ORDER"}
    known = {names[name]: found[name] for name in names if name in found}
    if "offers" in found:
        known["OFFER"] = str(found["offers"][0]["offer_id"])
    return known


@pytest.fixture
def shop(db: None, settings: Settings, tmp_path: Path) -> Shop:
    """Lin's shop with one campaign and one offer, open now."""
    settings.MEDIA_ROOT = tmp_path
    # A code is forgotten once it is sent, except where the page shows it.
    settings.SHOW_LOGIN_CODES = True
    cache.clear()
    now = timezone.now()
    campaign = CampaignFactory.create(
        code="C20260310",
        opens_at=now - timedelta(hours=3),
        orders_close_at=now + timedelta(hours=2),
        payments_close_at=now + timedelta(hours=2, minutes=3),
        freeze_at=now + timedelta(hours=2, minutes=5),
        delivery_date=timezone.localdate(now) + timedelta(days=1),
    )
    shop = Shop(campaign)
    PickupPointFactory.create(leader=LeaderFactory.create(code="L0001"))
    shop.offer(sku=SkuFactory.create(name="西兰花 500g"), stock_cap=10, per_resident_limit=3)
    return shop


def test_the_conversation_goes_as_the_page_says(shop: Shop) -> None:
    known = {"API": "/api/v1"}
    spoken = turns()

    for turn in spoken:
        if "$CODE" in turn.command:
            known["CODE"] = OutboxMessage.objects.get().facts["code"]
        if "/payment/" in turn.command:
            SandboxTrade.objects.update(paid_at=timezone.now())
        if "/claims/" in turn.command:
            Order.objects.update(state=OrderState.FROZEN)
            Campaign.objects.update(delivery_date=timezone.localdate())
        status, answer = told(turn.command, known)
        assert (status, fits(answer, turn.answer)) == (turn.status, True), (turn.command, answer)
        known |= learnt(answer)

    assert len(spoken) == 11


def test_the_rates_and_sizes_of_the_page_are_those_of_the_settings() -> None:
    said = {
        "reading": "reading 600 a minute",
        "orders": "orders 30 a minute",
        "payments": "payments 60 a minute",
        "claims": "claims 30 an hour",
        "profile": "profile 60 an hour",
        "login_code": "log-in codes 60 an hour",
        "sessions": "sessions 120 an hour",
        "phone": "per phone number 20 codes and sessions an hour",
    }
    rates = configured.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    page = text(PAGE)

    assert set(said) == set(rates) - {"user"}
    for scope, sentence in said.items():
        count, period = rates[scope].split("/")
        assert sentence in page
        assert re.search(rf"\b{count}\b", sentence)
        assert sentence.endswith({"min": "minute", "hour": "hour"}[period])
    assert f"A body may have {JSON_BYTES_MAX // 1024} KiB" in page
