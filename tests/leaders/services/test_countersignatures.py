"""One asks, another signs or refuses, and time runs out."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from leaders.errors import (
    CountersignatureOver,
    CountersignatureWaits,
    CountersignatureWordsMissing,
    SecondPersonNeeded,
)
from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.models.countersignatures import Countersignature, CountersignatureState
from leaders.services.countersignatures import (
    countersignature_ask,
    countersignature_refuse,
    countersignature_sign,
    countersignatures_lapse_due,
)
from tests.factories.countersignatures import FinanceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LATE = NOW + timedelta(hours=24)


@pytest.fixture
def asker() -> User:
    return FinanceFactory.create()


@pytest.fixture
def other() -> User:
    return FinanceFactory.create()


def ask(asker: User, *, about: User | None = None, now: datetime = NOW) -> Countersignature:
    return countersignature_ask(
        deed="ledger.adjust",
        about=about or asker,
        facts={"document": "附件3", "amount_fen": 1_200},
        reason=" 记错科目 ",
        actor=asker,
        now=now,
    )


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_what_is_asked_for_waits_for_as_long_as_is_set(asker: User, settings: Settings) -> None:
    settings.COUNTERSIGN_HOURS = 3

    asked = ask(asker)

    assert asked.state == CountersignatureState.WAITING
    assert (asked.object_type, asked.object_id) == ("user", str(asker.pk))
    assert (asked.facts["document"], asked.reason) == ("附件3", "记错科目")
    assert asked.amount_fen == 1_200
    assert asked.lapses_at == NOW + timedelta(hours=3)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.object_id) == (
        "countersignature.asked",
        asker,
        str(asked.pk),
    )
    assert event.facts["deed"] == "ledger.adjust"


def test_nothing_is_asked_for_without_a_reason(asker: User) -> None:
    with pytest.raises(CountersignatureWordsMissing):
        countersignature_ask(
            deed="ledger.adjust", about=asker, facts={}, reason="  ", actor=asker, now=NOW
        )


def test_the_same_deed_waits_once_for_a_thing_and_beside_others(asker: User, other: User) -> None:
    ask(asker)

    with pytest.raises(CountersignatureWaits):
        ask(other, about=asker)
    ask(asker, about=other)

    assert Countersignature.objects.count() == 2


def test_another_person_signs(asker: User, other: User) -> None:
    asked = ask(asker)

    signed = countersignature_sign(countersignature=asked, actor=other, now=NOW, note="已核对")

    assert signed.state == CountersignatureState.SIGNED
    assert (signed.decided_by, signed.decided_at, signed.decision_note) == (other, NOW, "已核对")
    assert actions() == ["countersignature.asked", "countersignature.signed"]


def test_who_asked_neither_signs_nor_refuses(asker: User) -> None:
    asked = ask(asker)

    with pytest.raises(SecondPersonNeeded):
        countersignature_sign(countersignature=asked, actor=asker, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        countersignature_refuse(countersignature=asked, actor=asker, now=NOW, note="不对")

    asked.refresh_from_db()
    assert asked.state == CountersignatureState.WAITING


def test_a_refusal_says_why_and_the_deed_may_be_asked_for_again(asker: User, other: User) -> None:
    asked = ask(asker)

    with pytest.raises(CountersignatureWordsMissing):
        countersignature_refuse(countersignature=asked, actor=other, now=NOW, note=" ")
    refused = countersignature_refuse(countersignature=asked, actor=other, now=NOW, note="缺凭证")
    again = ask(asker)

    assert (refused.state, refused.decision_note) == (CountersignatureState.REFUSED, "缺凭证")
    assert again.pk != refused.pk


def test_a_decision_is_made_once(asker: User, other: User) -> None:
    asked = ask(asker)
    countersignature_sign(countersignature=asked, actor=other, now=NOW)

    with pytest.raises(CountersignatureOver):
        countersignature_refuse(countersignature=asked, actor=other, now=NOW, note="晚了")


def test_after_its_time_nobody_signs(asker: User, other: User) -> None:
    asked = ask(asker)

    with pytest.raises(CountersignatureOver):
        countersignature_sign(countersignature=asked, actor=other, now=LATE)


def test_what_nobody_decided_lapses_once(asker: User) -> None:
    asked = ask(asker)

    early = countersignatures_lapse_due(now=LATE - timedelta(seconds=1))
    late = countersignatures_lapse_due(now=LATE)
    again = countersignatures_lapse_due(now=LATE)

    asked.refresh_from_db()
    assert (early, late, again) == (0, 1, 0)
    assert asked.state == CountersignatureState.LAPSED
    assert actions() == ["countersignature.asked", "countersignature.lapsed"]


def test_a_deed_is_asked_for_again_the_moment_its_time_has_run_out(asker: User) -> None:
    first = ask(asker)

    second = ask(asker, now=LATE)

    first.refresh_from_db()
    assert (first.state, second.state) == ("lapsed", "waiting")
