"""Every deed that the code writes down has words for people."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fulfillment.selectors.audit_words import ACTION_WORDS, audit_line, kind_text
from leaders.models.audit import AuditEvent
from leaders.models.countersignatures import CountersignatureState
from tests.factories.leaders import UserFactory

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def actions_written() -> Iterator[str]:
    """The literal `action` of every call of `audit`."""
    for app in ("leaders", "orders", "fulfillment"):
        for source in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                if not isinstance(node.func, ast.Name) or node.func.id != "audit":
                    continue
                for word in node.keywords:
                    if word.arg == "action" and isinstance(word.value, ast.Constant):
                        yield str(word.value.value)


def test_every_deed_has_words() -> None:
    made = {f"countersignature.{state.value}" for state in CountersignatureState}
    made -= {"countersignature.waiting"}

    assert (set(actions_written()) | made) - set(ACTION_WORDS) == set()


@pytest.mark.usefixtures("english")
def test_an_event_is_told_in_words_with_its_amounts_and_moments() -> None:
    event = AuditEvent(
        at=AT,
        actor=UserFactory.build(username="wang", first_name="Li", last_name="Wang"),
        action="campaign.freeze_forced",
        object_type="campaign",
        object_id="4",
        facts={
            "code": "C1",
            "amount_fen": 123_450,
            "empty": "",
            "before": {"freeze_at": "2026-03-10T15:03:00+00:00"},
            "skus": ["K1", "K2"],
        },
        reason="停电",
    )

    line = audit_line(event)

    assert (line.who, line.login) == ("Li Wang", "wang")
    assert line.what == "Campaign closed before its time"
    assert (line.kind, line.which) == ("campaign", "4")
    assert line.facts == (
        "code C1 · amount ¥1,234.50 · before: freezes 2026-03-10 23:03 · skus K1, K2"
    )


@pytest.mark.usefixtures("english")
def test_names_of_the_code_are_told_as_people_call_them() -> None:
    facts = {"deed": "ledger.adjust", "object_type": "account", "debit": "bank", "kind": "x"}

    line = audit_line(
        AuditEvent(
            at=AT, action="countersignature.asked", object_type="countersignature", facts=facts
        )
    )

    assert line.facts == (
        "deed Adjustment of the books · kind of thing account · debit bank · kind x"
    )


def test_a_deed_and_a_thing_nobody_knows_any_more_keep_their_names() -> None:
    line = audit_line(AuditEvent(at=AT, action="old.deed", object_type="gone", object_id="1"))

    assert (line.what, line.who, line.kind) == ("old.deed", "", "gone")
    assert kind_text("gone") == "gone"
