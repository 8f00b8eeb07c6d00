"""What the logs say: readable by machines, and about nobody."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client

from config.logs import MASK, logging_config, masked, masked_text

PHONE, IDENTITY, CARD = "13812345678", "41010119900307123X", "6222 0212 3456 7890 123"


def _line(log: logging.Logger, *arguments: object, exc_info: bool = False) -> dict[str, object]:
    """What a JSON handler writes of one warning."""
    config = logging_config(level="WARNING", as_json=True)["formatters"]["line"]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=config["foreign_pre_chain"], processors=config["processors"]
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    log.addHandler(handler)
    try:
        log.warning(*arguments, exc_info=exc_info)
    finally:
        log.removeHandler(handler)
    told: dict[str, object] = json.loads(stream.getvalue())
    return told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"to {PHONE}", "to 138****5678"),
        (f"+86 {PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", "138****5678"),
        (f"id {IDENTITY}.", f"id {MASK}."),
        (f"card {CARD}", f"card {MASK}"),
        ("GET /orders/?phone=13812345678&name=x HTTP", "GET /orders/ HTTP"),
        ("/apply/Zx81abCdeF/quiz/", f"/apply/{MASK}/quiz/"),
        ("/pay/Zx81abCdeF/", f"/pay/{MASK}/"),
        ("/po/Zx81abCdeF/order.pdf", f"/po/{MASK}/order.pdf"),
        ("/login/new/MTI/c9-abcdef1234/", f"/login/new/MTI/{MASK}/"),
        ("/pay/notices/wechatpay/", "/pay/notices/wechatpay/"),
        ("order C20260310-1-2X4TXYT2 of 2026-03-10", "order C20260310-1-2X4TXYT2 of 2026-03-10"),
        ("trade 4200001234202603101234567890", "trade 4200001234202603101234567890"),
        ("paid 1380000 fen in 12 s", "paid 1380000 fen in 12 s"),
    ],
)
def test_numbers_of_people_and_secret_links_are_masked(text: str, told: str) -> None:
    assert masked_text(text) == told


def test_known_names_are_emptied_however_deep() -> None:
    value = {"order": {"receiver_name": "陈海燕", "lines": [{"Phone": 1}, PHONE]}, "paid_fen": 1290}

    assert masked(value) == {
        "order": {"receiver_name": MASK, "lines": [{"Phone": MASK}, "138****5678"]},
        "paid_fen": 1290,
    }
    assert masked(13812345678) == MASK


def test_a_line_of_the_standard_library_is_json_and_about_nobody() -> None:
    told = _line(logging.getLogger("tests.logs"), "order %s of %s", "C1-0001", PHONE)

    assert told["event"] == "order C1-0001 of 138****5678"
    assert (told["level"], told["logger"]) == ("warning", "tests.logs")


def test_the_message_of_an_exception_is_masked_too() -> None:
    try:
        raise ValueError(f"no such resident: {PHONE}, {IDENTITY}, /pay/Zx81abCdeF/?key=1")
    except ValueError:
        told = _line(logging.getLogger("tests.logs"), "failed", exc_info=True)

    trace = str(told["exception"])
    assert "ValueError: no such resident: 138****5678" in trace
    assert not any(secret in trace.splitlines()[-1] for secret in (PHONE, IDENTITY, "Zx81", "key"))


def test_what_a_request_binds_stands_in_every_line() -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1", run_id=7, phone=PHONE):
        told = _line(logging.getLogger("tests.logs"), "something")

    assert (told["request_id"], told["run_id"], told["phone"]) == ("r-1", 7, MASK)


@pytest.mark.django_db
def test_a_request_has_an_id_and_is_named_without_its_question(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get("/healthz?phone=13812345678")

    finished = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert finished[-1]["request"] == "GET /healthz"
    assert finished[-1]["request_id"]
    assert "ip" not in finished[-1]
