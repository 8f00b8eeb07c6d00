"""Notices: queued with what happened, sealed for the merchant, repeated until heard."""

import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from config.embedded.fake_wechat.books import Books, Row, moment_text
from config.embedded.fake_wechat.faults import Faults
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.signatures import encrypt, platform_headers

# Seconds between one attempt and the next; the documents promise no more than these.
SCHEDULE_S = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
SUMMARIES = {"TRANSACTION": "支付成功", "REFUND": "退款结果"}
OVERSIZE_BYTES = 70 * 1024
DAY_S = 24 * 3600


def notice_queue(
    books: Books, *, number: str, event: str, resource: dict[str, Any], url: str
) -> None:
    """Queue a notice in the transaction of what it tells."""
    books.insert(
        "notice",
        {
            "id": str(uuid.uuid4()),
            "number": number,
            "event": event,
            "resource": json.dumps(resource, ensure_ascii=False),
            "url": url,
            "created_at": books.now(),
            "due_at": books.precise_now() + float(books.setting("notice_delay_s", 0)),
            "is_held": int(books.setting("notices_held", False)),
        },
    )


def notices_due(books: Books, *, with_held: bool = False) -> list[Row]:
    """Return what is to be sent now, the oldest first; `with_held` takes everything unheard."""
    if with_held:
        return books.all("SELECT * FROM notice WHERE delivered_at IS NULL ORDER BY at")
    return books.all(
        "SELECT * FROM notice WHERE due_at <= ? AND NOT is_held ORDER BY due_at, at",
        books.precise_now(),
    )


def notice_attempt(books: Books, notice: Row) -> None:
    """Book an attempt before it is made: whoever is killed now repeats it on time."""
    schedule = books.setting("notice_schedule_s", list(SCHEDULE_S))
    attempts = notice["attempts"] + 1
    due_at = None
    if attempts <= len(schedule):
        due_at = books.precise_now() + float(schedule[attempts - 1])
    books.run(
        "UPDATE notice SET attempts = ?, due_at = ?, is_held = 0 WHERE at = ?",
        attempts,
        due_at,
        notice["at"],
    )


def notice_heard(books: Books, notice: Row, answer: str) -> None:
    """Book what the merchant answered; a 2xx ends the repeats."""
    if answer.startswith("2"):
        books.run(
            "UPDATE notice SET last_answer = ?, due_at = NULL, delivered_at = ? WHERE at = ?",
            answer,
            books.now(),
            notice["at"],
        )
    else:
        books.run("UPDATE notice SET last_answer = ? WHERE at = ?", answer, notice["at"])


def notice_seal(
    books: Books, identity: Identity, notice: Row, faults: Faults
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of one attempt, spoiled as the faults say."""
    resource = json.loads(notice["resource"])
    spoil(resource, faults)
    key = identity.api_v3_key if "wrong_key" not in faults else secrets.token_hex(16)
    kind = notice["event"].partition(".")[0]
    original = {"TRANSACTION": "transaction", "REFUND": "refund"}[kind]
    nonce, ciphertext = encrypt(key, json.dumps(resource, ensure_ascii=False), original)
    envelope = {
        "id": notice["id"],
        "create_time": moment_text(notice["created_at"]),
        "resource_type": "encrypt-resource",
        "event_type": notice["event"],
        "summary": SUMMARIES[kind],
        "resource": {
            "original_type": original,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": ciphertext,
            "associated_data": original,
            "nonce": nonce,
        },
    }
    if "oversize" in faults:
        envelope["padding"] = "x" * OVERSIZE_BYTES
    body = json.dumps(envelope, ensure_ascii=False)
    headers = sealed_headers(identity, body, faults, books.signing_now())
    return {"Content-Type": "application/json", **headers}, body.encode()


def sealed_headers(identity: Identity, body: str, faults: Faults, now: float) -> dict[str, str]:
    """Return the signature of an answer or a notice, spoiled as the faults say."""
    serial = f"PUB_KEY_ID_{'9' * 28}" if "unknown_serial" in faults else ""
    age_s = float(faults.value("old", "seconds", DAY_S)) if "old" in faults else 0.0
    headers = platform_headers(
        identity, body, now=now - age_s, serial=serial, is_forged="forge" in faults
    )
    if "probe" in faults:
        # The provider itself sends such, to see who does not check.
        headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"]
    if "omit_header" in faults:
        headers.pop(faults.value("omit_header", "header", "Wechatpay-Signature"), None)
    return headers


def spoil(facts: dict[str, Any], faults: Faults) -> None:
    """Falsify what an answer or a notice says; its signature stays genuine."""
    changes: dict[str, Callable[[], None]] = {
        "wrong_amount": lambda: _spoil_amount(facts, faults.value("wrong_amount", "amount_fen", 1)),
        "wrong_currency": lambda: facts.setdefault("amount", {}).update(
            currency=faults.value("wrong_currency", "currency", "USD")
        ),
        "wrong_merchant": lambda: facts.update(mchid="1900000000"),
        "wrong_app": lambda: facts.update(appid="wx0000000000000000"),
        "wrong_number": lambda: facts.update(out_trade_no="SOMEBODYELSES"),
    }
    for deed, change in changes.items():
        if deed in faults:
            change()


def _spoil_amount(facts: dict[str, Any], amount_fen: int) -> None:
    amounts = facts.setdefault("amount", {})
    name = "refund" if "refund" in amounts else "total"
    amounts.update({name: amount_fen, f"payer_{name}": amount_fen})
