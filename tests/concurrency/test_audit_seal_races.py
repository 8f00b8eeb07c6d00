"""Two sealers make one chain, and no event appears behind a seal."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction

from leaders.domain.crashpoints import crashpoint
from leaders.models.audit import AuditEvent, AuditSeal
from leaders.selectors.audit_seals import chain_check
from leaders.services.audit_seals import audit_seal_due
from tests.concurrency.race import Runner, errors, race, values

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=6)
Guards = Sequence[AbstractContextManager[object]]
ALONE = "leaders.services.audit_seals._is_alone"
WRITTEN = "leaders.services.audit_seals._is_being_written"


def deed(number: int) -> AuditEvent:
    return AuditEvent.objects.create(
        at=OLD, action="claim.replied", object_type="claim", object_id=str(number)
    )


def sealed_by_two(without: Guards = ()) -> tuple[int, int]:
    """How many sealers failed, and how many events both believe to have sealed."""
    for number in range(5):
        deed(number)

    outcomes = race(
        lambda _runner: audit_seal_due(now=NOW),
        processes=2,
        sleep_at={"audit_seal.block_read": 0.3},
        without=without,
    )

    return len(errors(outcomes)), sum(values(outcomes))


def test_two_sealers_make_one_chain() -> None:
    failed, sealed = sealed_by_two()

    assert (failed, sealed) == (0, 5)
    assert AuditSeal.objects.count() == 1
    assert chain_check().broken is None


@pytest.mark.control
def test_without_the_lock_both_make_the_same_block_and_one_fails() -> None:
    failed, _sealed = sealed_by_two([patch(ALONE, lambda: True)])

    assert failed == 1


def slow_writer(without: Guards = ()) -> bool:
    """Whether the chain holds after a deed that took long came in behind a sealer."""

    def work(runner: Runner) -> int:
        if runner.number == 0:
            with transaction.atomic():
                deed(0)
                crashpoint("test.deed_written")
            return 0
        crashpoint("test.writer_is_first")
        deed(1)
        return audit_seal_due(now=NOW)

    outcomes = race(
        work,
        processes=2,
        sleep_at={"test.deed_written": 1.5, "test.writer_is_first": 0.4},
        without=without,
    )
    assert errors(outcomes) == []
    audit_seal_due(now=NOW)
    return chain_check().broken is None


def test_nothing_is_sealed_while_an_older_deed_is_on_its_way() -> None:
    assert slow_writer()


@pytest.mark.control
def test_without_asking_for_writers_a_late_deed_breaks_its_block() -> None:
    assert not slow_writer([patch(WRITTEN, lambda: False)])
