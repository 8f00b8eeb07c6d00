"""Payouts from the batch to the provider and back, over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment.domain.payouts import PayoutReport, PayoutStatus
from fulfillment.models.payouts import Payout, PayoutBatchState, PayoutChannel, PayoutState
from fulfillment.models.settlement import (
    CommissionKind,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.payout_errors import (
    BatchDecided,
    PayeeNotReady,
    PayoutNotOpen,
    StatementNotPayable,
)
from fulfillment.services.payout_batches import batch_approve, batch_prepare, batch_refuse
from fulfillment.services.payouts import (
    payout_bank_result,
    payout_report_apply,
    payouts_submit_due,
    payouts_sweep,
)
from fulfillment.services.statements import statements_issue
from leaders.errors import SecondPersonNeeded
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader
from leaders.models.payees import Payee
from orders.errors import BooksBroken
from orders.models.ledger import Transfer
from orders.models.outbox import OutboxMessage, Topic
from orders.models.reconciliation import BooksCheck
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.payouts import HELD_UNTIL, SUNDAY, TUESDAY, PayeeFactory, broken_laws, earn
from tests.fake_wechat import FakeWechat

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert broken_laws() == []


@pytest.fixture
def leader() -> Leader:
    found: Leader = LeaderFactory.create(code="L0012")
    PayeeFactory.create(leader=found)
    return found


@pytest.fixture
def preparer() -> User:
    found: User = UserFactory.create(role=Role.FINANCE)
    return found


@pytest.fixture
def approver() -> User:
    found: User = UserFactory.create(role=Role.FINANCE)
    return found


@pytest.fixture
def statement(leader: Leader) -> SettlementStatement:
    """26.00 yuan that are due; 6.00 of them were carried from the week before."""
    earn(leader, 600)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 2_500, held_until=HELD_UNTIL + WEEK)
    earn(leader, 500, kind=CommissionKind.CLAWBACK, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)
    return SettlementStatement.objects.get(state=SettlementState.ISSUED)


def prepared(statement: SettlementStatement, actor: User, channel: str = "wechat") -> int:
    return batch_prepare(
        statement_ids=[statement.pk], channel=PayoutChannel(channel), actor=actor, now=TUESDAY
    ).pk


@pytest.fixture
def approved(statement: SettlementStatement, preparer: User, approver: User) -> Payout:
    batch_approve(batch_id=prepared(statement, preparer), actor=approver, now=TUESDAY)
    return Payout.objects.get()


def state_of(payout: Payout) -> tuple[str, str]:
    payout = Payout.objects.select_related("statement").get(pk=payout.pk)
    return payout.state, payout.statement.state


# Two people ---------------------------------------------------------------


def test_one_person_prepares_and_another_approves(
    statement: SettlementStatement, preparer: User, approver: User
) -> None:
    batch_id = prepared(statement, preparer)

    payout = Payout.objects.select_related("batch").get()
    assert (payout.payout_no, payout.amount_fen) == (f"TP{statement.pk:09d}01", 2_600)
    assert payout.batch.batch_no == "DK-20260317-01"
    assert state_of(payout) == ("prepared", "paying")
    with pytest.raises(SecondPersonNeeded):
        batch_approve(batch_id=batch_id, actor=preparer, now=TUESDAY)

    batch_approve(batch_id=batch_id, actor=approver, now=TUESDAY)

    payout.batch.refresh_from_db()
    assert payout.batch.state == PayoutBatchState.APPROVED
    assert state_of(payout) == ("approved", "paying")
    actions = AuditEvent.objects.order_by("pk").values_list("action", "actor")
    assert list(actions) == [
        ("payout_batch.prepared", preparer.pk),
        ("payout_batch.approved", approver.pk),
    ]


def test_a_batch_is_decided_once(approved: Payout, approver: User) -> None:
    with pytest.raises(BatchDecided):
        batch_refuse(batch_id=approved.batch_id, reason="late", actor=approver, now=TUESDAY)


def test_a_refused_batch_frees_its_statements(
    statement: SettlementStatement, preparer: User, approver: User
) -> None:
    batch_id = prepared(statement, preparer)

    batch_refuse(batch_id=batch_id, reason="wrong week", actor=approver, now=TUESDAY)

    assert state_of(Payout.objects.get()) == ("refused", "issued")
    prepared(statement, preparer)
    assert Payout.objects.latest("pk").payout_no.endswith("02")
    assert Payout.objects.latest("pk").batch.batch_no == "DK-20260317-02"


def test_a_statement_is_in_one_batch_at_a_time(
    statement: SettlementStatement, preparer: User
) -> None:
    prepared(statement, preparer)

    with pytest.raises(StatementNotPayable):
        prepared(statement, preparer)
    with pytest.raises(StatementNotPayable):
        batch_prepare(statement_ids=[], channel=PayoutChannel.WECHAT, actor=preparer, now=TUESDAY)


@pytest.mark.parametrize(
    ("changes", "channel"),
    [
        ({"verified_at": None, "verified_by": None}, "wechat"),
        ({"wechat_openid": ""}, "wechat"),
        ({"bank_account_sealed": ""}, "bank_file"),
    ],
)
def test_a_payee_nobody_verified_or_reaches_is_not_paid(
    statement: SettlementStatement, preparer: User, changes: dict[str, object], channel: str
) -> None:
    Payee.objects.update(**changes)

    with pytest.raises(PayeeNotReady, match="L0012"):
        prepared(statement, preparer, channel)


def test_a_leader_without_a_payee_is_not_paid(
    statement: SettlementStatement, preparer: User
) -> None:
    Payee.objects.all().delete()

    with pytest.raises(PayeeNotReady):
        prepared(statement, preparer)


def test_a_payee_who_was_changed_stops_the_approval(
    statement: SettlementStatement, preparer: User, approver: User
) -> None:
    batch_id = prepared(statement, preparer)
    Payee.objects.update(verified_at=None, verified_by=None)

    with pytest.raises(PayeeNotReady):
        batch_approve(batch_id=batch_id, actor=approver, now=TUESDAY)


def test_nothing_is_prepared_or_approved_while_the_books_are_broken(
    statement: SettlementStatement, preparer: User, approver: User
) -> None:
    batch_id = prepared(statement, preparer)
    BooksCheck.objects.create(checked_at=TUESDAY, violations=1, findings=[{"name": "prepaid"}])

    with pytest.raises(BooksBroken):
        batch_approve(batch_id=batch_id, actor=approver, now=TUESDAY)
    with pytest.raises(BooksBroken):
        prepared(statement, preparer)


# Over WeChat --------------------------------------------------------------


def test_a_confirmed_payout_closes_everything_behind_it(
    approved: Payout, leader: Leader, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()

    assert payouts_submit_due(now=now) == 1
    assert payouts_submit_due(now=now) == 0

    assert state_of(approved) == ("wait_confirm", "paying")
    (transfer,) = fake_wechat.transfers()
    assert (transfer["out_bill_no"], transfer["amount_fen"]) == (approved.payout_no, 2_600)
    assert (transfer["openid"], transfer["user_name"]) == ("o-leader", "林秀英")
    approved.refresh_from_db()
    assert approved.confirm_with == transfer["package_info"]
    message = OutboxMessage.objects.get(topic=Topic.PAYOUT_TO_CONFIRM)
    assert (message.phone, message.facts["amount_fen"]) == (leader.phone, 2_600)

    fake_wechat.end_transfer(approved.payout_no)
    assert payouts_sweep(now=now + MINUTE) == 0
    assert payouts_sweep(now=now + 10 * MINUTE) == 1

    assert state_of(approved) == ("paid", "paid")
    posted = Transfer.objects.get(event="payout")
    assert (posted.debit.code, posted.credit.code) == ("leader_payable:L0012", "bank")
    assert posted.amount_fen == 2_600
    assert set(leader.commission_entries.values_list("state", flat=True)) == {CommissionState.PAID}


def test_an_answer_that_was_lost_is_asked_for_and_paid_once(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()
    fake_wechat.fault("transfer", "drop_answer")

    payouts_submit_due(now=now)
    assert state_of(approved) == ("submitted", "paying")
    payouts_sweep(now=now + MINUTE)

    assert state_of(approved) == ("wait_confirm", "paying")
    assert len(fake_wechat.transfers()) == 1
    assert fake_wechat.calls("transfer") == 1


def test_a_request_that_was_lost_is_sent_again_under_the_same_number(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()
    fake_wechat.fault("transfer", "drop_request")

    payouts_submit_due(now=now)
    assert fake_wechat.transfers() == []
    payouts_sweep(now=now + MINUTE)

    assert [row["out_bill_no"] for row in fake_wechat.transfers()] == [approved.payout_no]
    assert state_of(approved) == ("wait_confirm", "paying")


def test_what_nobody_confirms_expires_and_is_paid_under_a_new_number(
    approved: Payout, preparer: User, approver: User, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()
    payouts_submit_due(now=now)
    fake_wechat.shift_clock(timedelta(hours=25))
    payouts_sweep(now=now + 10 * MINUTE)

    assert state_of(approved) == ("expired", "issued")

    batch_approve(batch_id=prepared(approved.statement, preparer), actor=approver, now=TUESDAY)
    payouts_submit_due(now=now + 20 * MINUTE)
    fake_wechat.end_transfer(approved.payout_no[:-2] + "02")
    payouts_sweep(now=now + 40 * MINUTE)
    assert Payout.objects.get(state=PayoutState.PAID).payout_no.endswith("02")


def test_what_waits_too_long_is_cancelled_at_the_provider(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()
    payouts_submit_due(now=now)

    payouts_sweep(now=now + timedelta(hours=25))

    assert state_of(approved) == ("expired", "issued")
    assert [row["state"] for row in fake_wechat.transfers()] == ["CANCELLED"]


def test_without_money_the_payout_fails_in_the_providers_words(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    fake_wechat.set_balance(100)

    payouts_submit_due(now=timezone.now())

    assert state_of(approved) == ("failed", "issued")
    approved.refresh_from_db()
    assert approved.error == "NOT_ENOUGH"


def test_a_refusal_of_what_was_accepted_before_is_not_believed(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    fake_wechat.fault("transfer", "error_after", status=400, code="SOMETHING_NEW")

    payouts_submit_due(now=timezone.now())

    assert state_of(approved) == ("wait_confirm", "paying")


def test_a_forged_answer_is_no_answer(approved: Payout, fake_wechat: FakeWechat) -> None:
    fake_wechat.fault("transfer", "forge")

    payouts_submit_due(now=timezone.now())

    assert state_of(approved) == ("submitted", "paying")


def test_a_payee_changed_after_the_approval_is_not_paid(
    approved: Payout, fake_wechat: FakeWechat
) -> None:
    Payee.objects.update(verified_at=None, verified_by=None)

    assert payouts_submit_due(now=timezone.now()) == 0

    assert state_of(approved) == ("failed", "issued")
    assert fake_wechat.transfers() == []


def test_another_amount_moves_nothing(approved: Payout) -> None:
    report = PayoutReport(payout_no=approved.payout_no, status=PayoutStatus.PAID, amount_fen=2_601)

    payout_report_apply(report=report, now=TUESDAY)

    assert state_of(approved) == ("approved", "paying")
    approved.refresh_from_db()
    assert approved.error


def test_the_same_word_twice_is_posted_once_and_an_end_stays(approved: Payout) -> None:
    paid = PayoutReport(payout_no=approved.payout_no, status=PayoutStatus.PAID, amount_fen=2_600)
    failed = PayoutReport(payout_no=approved.payout_no, status=PayoutStatus.FAILED)

    results = [payout_report_apply(report=row, now=TUESDAY) for row in (paid, paid, failed)]

    assert results == [PayoutState.PAID] * 3
    assert Transfer.objects.filter(event="payout").count() == 1


def test_a_number_that_is_not_ours_is_left_alone() -> None:
    report = PayoutReport(payout_no="TP1", status=PayoutStatus.PAID)

    assert payout_report_apply(report=report, now=TUESDAY) is None


# Through a bank -----------------------------------------------------------


def test_finance_enters_what_the_bank_did(
    statement: SettlementStatement, preparer: User, approver: User
) -> None:
    batch_approve(batch_id=prepared(statement, preparer, "bank_file"), actor=approver, now=TUESDAY)
    payout = Payout.objects.get()
    assert payouts_submit_due(now=TUESDAY + WEEK) == 0

    payout_bank_result(
        payout_id=payout.pk, is_paid=False, note="closed account", actor=approver, now=TUESDAY
    )
    assert state_of(payout) == ("failed", "issued")

    batch_approve(batch_id=prepared(statement, preparer, "bank_file"), actor=approver, now=TUESDAY)
    again = Payout.objects.latest("pk")
    payout_bank_result(payout_id=again.pk, is_paid=True, note="", actor=approver, now=TUESDAY)
    assert state_of(again) == ("paid", "paid")
    with pytest.raises(PayoutNotOpen):
        payout_bank_result(payout_id=again.pk, is_paid=True, note="", actor=approver, now=TUESDAY)


def test_a_bank_has_no_result_for_what_goes_over_wechat(approved: Payout, approver: User) -> None:
    with pytest.raises(PayoutNotOpen):
        payout_bank_result(
            payout_id=approved.pk, is_paid=True, note="", actor=approver, now=TUESDAY
        )
