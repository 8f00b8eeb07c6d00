"""Seals over the audit log: every event once, and whatever was changed is named."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leaders.models.audit import AuditEvent, AuditSeal
from leaders.selectors.audit_seals import chain_check
from leaders.services import audit_seals
from leaders.services.audit_seals import audit_seal_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=6)


def deeds(count: int, *, at: datetime = OLD) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=at,
            action="claim.replied",
            object_type="claim",
            object_id=str(number),
            facts={"n": number, "share": 0.1, "words": "你好"},
        )
        for number in range(count)
    )


def tell(lie: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie, values or None)


def blocks() -> list[int]:
    return list(AuditSeal.objects.order_by("last_id").values_list("events", flat=True))


@pytest.fixture
def chain() -> list[AuditSeal]:
    """Ten events under three seals."""
    deeds(10)
    with patch.object(audit_seals, "BLOCK_SIZE", 4):
        audit_seal_due(now=NOW)
    return list(AuditSeal.objects.order_by("last_id"))


def test_old_events_are_sealed_in_blocks_and_young_ones_wait() -> None:
    deeds(10)
    deeds(3, at=NOW - timedelta(minutes=4))

    with patch.object(audit_seals, "BLOCK_SIZE", 4):
        sealed = audit_seal_due(now=NOW)
    again = audit_seal_due(now=NOW)
    later = audit_seal_due(now=NOW + timedelta(minutes=2))

    assert (sealed, again, later) == (10, 0, 3)
    assert blocks() == [4, 4, 2, 3]
    check = chain_check()
    assert (check.seals, check.events, check.broken) == (4, 13, None)
    assert check.digest == AuditSeal.objects.order_by("-last_id")[0].digest


def test_an_empty_log_has_no_seals() -> None:
    assert audit_seal_due(now=NOW) == 0
    assert chain_check().seals == 0


@pytest.mark.parametrize(
    ("lie", "block"),
    [
        ("UPDATE leaders_auditevent SET reason = 'x' WHERE object_id = '5'", 1),
        ("UPDATE leaders_auditevent SET facts = '{}' WHERE object_id = '0'", 0),
        ("DELETE FROM leaders_auditevent WHERE object_id = '9'", 2),
        ("DELETE FROM leaders_auditevent WHERE object_id = '4'", 1),
        ("UPDATE leaders_auditseal SET events = 3", 0),
    ],
)
def test_the_first_block_that_does_not_hold_is_named(
    chain: list[AuditSeal], lie: str, block: int
) -> None:
    tell(lie)

    check = chain_check()

    assert (check.broken, check.seals) == (chain[block], block)


def test_a_seal_taken_out_is_missed_by_the_next(chain: list[AuditSeal]) -> None:
    tell("DELETE FROM leaders_auditseal WHERE id = %s", chain[1].pk)

    assert chain_check().broken == chain[2]


def test_an_event_put_into_a_gap_is_found() -> None:
    """Deeds that were rolled back leave gaps in the ids; nothing may be put there."""
    deeds(2)
    tell("SELECT nextval(pg_get_serial_sequence('leaders_auditevent', 'id'))")
    deeds(2)
    audit_seal_due(now=NOW)
    gap = AuditEvent.objects.order_by("pk")[1].pk + 1

    AuditEvent.objects.create(pk=gap, at=OLD, action="x", object_type="claim", object_id="1")

    assert chain_check().broken == AuditSeal.objects.get()


def test_while_somebody_writes_nothing_is_sealed() -> None:
    deeds(2)

    with patch.object(audit_seals, "_is_being_written", return_value=True):
        sealed = audit_seal_due(now=NOW)

    assert (sealed, blocks()) == (0, [])


def test_the_command_prints_the_newest_digest_and_fails_on_a_broken_block(
    chain: list[AuditSeal],
) -> None:
    told = StringIO()
    call_command("check_audit", stdout=told)
    tell("UPDATE leaders_auditevent SET action = 'x' WHERE object_id = '5'")

    with pytest.raises(CommandError, match=f"events {chain[1].first_id}-{chain[1].last_id} "):
        call_command("check_audit", "--json", stdout=StringIO())

    assert chain[-1].digest in told.getvalue()


class TestRounds(TestCase):
    """Whatever comes in between rounds, every event is under exactly one seal."""

    @settings(max_examples=15, deadline=None)
    @given(rounds=st.lists(st.integers(0, 5), max_size=5), size=st.integers(1, 4))
    def test_every_event_is_under_exactly_one_seal(self, rounds: list[int], size: int) -> None:
        with patch.object(audit_seals, "BLOCK_SIZE", size):
            for count in rounds:
                deeds(count)
                assert audit_seal_due(now=NOW) == count

        assert sum(blocks()) == sum(rounds)
        assert all(0 < events <= size for events in blocks())
        assert chain_check().broken is None
