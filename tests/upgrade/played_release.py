"""Plays the days of a release dump; run by `make_release_dump` on the code of the release.

A bundle's day from its orders to its papers, two evenings of prepaid orders
with refunds and a claim, and the weeks after them, until commission is settled
and paid out. Every name and number is the test suite's own.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from django.core.management import call_command

from fulfillment.domain.payouts import PayoutReport, PayoutStatus
from fulfillment.models.payouts import Payout, PayoutChannel, PayoutState
from fulfillment.models.settlement import SettlementState, SettlementStatement
from fulfillment.services.payout_batches import batch_approve, batch_prepare
from fulfillment.services.payouts import payout_report_apply
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from orders.integrations import providers, senders
from tests.bundles import BundleText
from tests.factories.leaders import UserFactory
from tests.factories.payouts import PayeeFactory
from tests.journeys.prepaid_evening import (
    Cast,
    Clock,
    PaperSender,
    Provider,
    evening_make,
    step_take,
)
from tests.simulation.schedule import advance

DEFAULTS = ("agreement", "levels", "scripts", "rules")
EVENINGS = 2
# The Monday after the day of the bundle, and so many days of the schedule.
AFTERWARDS = datetime(2026, 5, 4, 19, 0, tzinfo=UTC)
DAYS = 16


def main() -> None:
    """Play everything into the database of the settings."""
    call_command("ensure_schedules")
    for name in DEFAULTS:
        call_command(f"write_default_{name}")
    with tempfile.TemporaryDirectory() as folder:
        bundle = BundleText().write(Path(folder, "day"))
        call_command("play_day", data=bundle, out=Path(folder, "out"), demo_fleet=True)
    call_command("create_demo_logins")
    with patch.dict(senders._SENDERS, {"paper": PaperSender}):
        for number in range(EVENINGS):
            _evening(number)
    for leader in Leader.objects.all():
        PayeeFactory.create(leader=leader)
    for day in range(DAYS):
        advance(now=AFTERWARDS + timedelta(days=day))
    _pay(AFTERWARDS + timedelta(days=DAYS))


def _evening(number: int) -> None:
    evening = evening_make(number)
    clock = Clock(evening.day)
    cast = Cast(evening, clock, Provider(clock))
    with patch.object(providers, "_sandbox", lambda: cast.provider):
        for step in range(len(evening.steps())):
            step_take(cast, step)


def _pay(now: datetime) -> None:
    preparer, approver = (UserFactory.create(role=Role.FINANCE) for _ in "ab")
    issued = SettlementStatement.objects.filter(state=SettlementState.ISSUED)
    batch = batch_prepare(
        statement_ids=list(issued.values_list("pk", flat=True)),
        channel=PayoutChannel.WECHAT,
        actor=preparer,
        now=now,
    )
    batch_approve(batch_id=batch.pk, actor=approver, now=now)
    for payout in Payout.objects.filter(batch=batch):
        Payout.objects.filter(pk=payout.pk).update(state=PayoutState.SUBMITTED)
        paid = PayoutReport(
            payout_no=payout.payout_no, status=PayoutStatus.PAID, amount_fen=payout.amount_fen
        )
        payout_report_apply(report=paid, now=now)


if __name__ == "__main__":
    main()
