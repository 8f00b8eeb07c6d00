"""A leader leaves after a notice, with nothing left open, and keeps nothing of ours."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from fulfillment.models.payouts import Payout, PayoutBatch, PayoutChannel, PayoutState
from fulfillment.models.settlement import (
    CommissionEntry,
    CommissionKind,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.models.totes import ToteCount
from fulfillment.selectors.leader_exits import MatterKind, OpenMatter, open_matters
from fulfillment.services.leader_exits import exit_complete, exit_notice, exit_withdraw
from leaders.errors import ExitBlocked, ExitNoticedAlready, ExitOver
from leaders.models.accounts import User
from leaders.models.care import LeaderExit, LeaderExitState
from leaders.models.invites import InviteCode
from leaders.models.leaders import Leader, LeaderState
from leaders.models.resales import Resale
from orders.models.orders import OrderState
from tests.factories.care import RecruiterFactory, SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import ClaimFactory, OrderFactory, OrderLineFactory, ResidentFactory

pytestmark = pytest.mark.django_db

NOTICED = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 3, 8, 3, 0, tzinfo=UTC)


@pytest.fixture
def actor() -> User:
    return RecruiterFactory.create()


@pytest.fixture
def leader() -> Leader:
    found: Leader = PickupPointFactory.create().leader
    return found


def give_notice(leader: Leader, actor: User, *, is_by_operator: bool = False) -> LeaderExit:
    return exit_notice(
        leader=leader, is_by_operator=is_by_operator, reason="搬家", actor=actor, now=NOTICED
    )


def entry_of(leader: Leader, state: CommissionState, kind: CommissionKind) -> CommissionEntry:
    line = OrderLineFactory.create(order__leader=leader, order__state=OrderState.COMPLETED)
    return CommissionEntry.objects.create(
        leader=leader,
        order_line=line,
        kind=kind,
        state=state,
        cause="RF1" if kind == CommissionKind.CLAWBACK else "",
        plan_code="STANDARD",
        rate_bp=1000,
        base_fen=1000,
        amount_fen=100,
        hold_until=NOTICED,
        created_at=NOTICED,
    )


def statement_of(leader: Leader, state: SettlementState, net_fen: int) -> SettlementStatement:
    return SettlementStatement.objects.create(
        statement_no=f"JS-{leader.code}",
        leader=leader,
        period_from=date(2026, 2, 23),
        period_until=date(2026, 3, 1),
        state=state,
        earned_fen=max(net_fen, 0),
        deducted_fen=max(-net_fen, 0),
        net_fen=net_fen,
        issued_at=NOTICED,
    )


def held(leader: Leader) -> None:
    entry_of(leader, CommissionState.HELD, CommissionKind.SALE)


def released(leader: Leader) -> None:
    entry_of(leader, CommissionState.RELEASED, CommissionKind.SALE)


def issued(leader: Leader) -> None:
    statement_of(leader, SettlementState.ISSUED, 5000)


def carried(leader: Leader) -> None:
    statement_of(leader, SettlementState.CARRIED, 40)


def unpaid(leader: Leader) -> None:
    OrderFactory.create(leader=leader, state=OrderState.PENDING_PAYMENT)


def undelivered(leader: Leader) -> None:
    OrderFactory.create(leader=leader, state=OrderState.PAID)


def unfetched(leader: Leader) -> None:
    OrderFactory.create(leader=leader, state=OrderState.FROZEN)


def for_a_neighbour(leader: Leader) -> None:
    OrderFactory.create(pickup_point=leader.pickup_points.get(), state=OrderState.FROZEN)


def claimed(leader: Leader) -> None:
    ClaimFactory.create(
        order_line__order__leader=leader, order_line__order__state=OrderState.COMPLETED
    )


def totes(leader: Leader) -> None:
    ToteCount.objects.create(leader=leader, out_qty=5, at=NOTICED)
    ToteCount.objects.create(leader=leader, in_qty=3, at=NOTICED)


@pytest.mark.parametrize(
    ("leave_open", "matter"),
    [
        (held, OpenMatter(kind=MatterKind.HELD, count=1, fen=100)),
        (released, OpenMatter(kind=MatterKind.RELEASED, count=1, fen=100)),
        (issued, OpenMatter(kind=MatterKind.STATEMENT, count=1, fen=5000)),
        (carried, OpenMatter(kind=MatterKind.STATEMENT, count=1, fen=40)),
        (unpaid, OpenMatter(kind=MatterKind.ORDERS, count=1)),
        (undelivered, OpenMatter(kind=MatterKind.ORDERS, count=1)),
        (unfetched, OpenMatter(kind=MatterKind.ORDERS, count=1)),
        (for_a_neighbour, OpenMatter(kind=MatterKind.ORDERS, count=1)),
        (claimed, OpenMatter(kind=MatterKind.CLAIMS, count=1)),
        (totes, OpenMatter(kind=MatterKind.TOTES, count=2)),
    ],
)
def test_nobody_leaves_while_something_is_open(
    leader: Leader, actor: User, leave_open: Callable[[Leader], None], matter: OpenMatter
) -> None:
    give_notice(leader, actor)
    leave_open(leader)

    with pytest.raises(ExitBlocked):
        exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY)

    assert open_matters(leader) == (matter,)
    leader.refresh_from_db()
    assert leader.state == LeaderState.ACTIVE


def test_a_debt_is_named_as_one(leader: Leader) -> None:
    entry_of(leader, CommissionState.RELEASED, CommissionKind.CLAWBACK)

    matters = {matter.kind: matter.fen for matter in open_matters(leader)}

    assert matters == {MatterKind.RELEASED: -100, MatterKind.DEBT: 100}


def test_a_payout_on_its_way_is_waited_for(leader: Leader, actor: User) -> None:
    statement = statement_of(leader, SettlementState.PAYING, 5000)
    batch = PayoutBatch.objects.create(
        batch_no="PB1", channel=PayoutChannel.WECHAT, prepared_by=actor, prepared_at=NOTICED
    )
    Payout.objects.create(
        payout_no="PB1-1",
        batch=batch,
        statement=statement,
        amount_fen=5000,
        state=PayoutState.WAIT_CONFIRM,
    )

    kinds = [matter.kind for matter in open_matters(leader)]

    assert kinds == [MatterKind.STATEMENT, MatterKind.PAYOUT]


def test_what_is_paid_out_and_completed_holds_nobody(leader: Leader) -> None:
    statement_of(leader, SettlementState.PAID, 5000)
    OrderFactory.create(leader=leader, state=OrderState.COMPLETED)
    OrderFactory.create(leader=leader, state=OrderState.REFUNDED)

    assert open_matters(leader) == ()


@pytest.mark.parametrize(("is_by_operator", "days"), [(True, 30), (False, 7)])
def test_the_operator_gives_more_notice_than_a_leader(
    leader: Leader, actor: User, is_by_operator: bool, days: int
) -> None:
    leaving = give_notice(leader, actor, is_by_operator=is_by_operator)

    assert leaving.leaves_on == date(2026, 3, 1) + timedelta(days=days)


def test_notice_is_given_once(leader: Leader, actor: User) -> None:
    give_notice(leader, actor)

    with pytest.raises(ExitNoticedAlready):
        give_notice(leader, actor)


def test_a_withdrawn_notice_can_be_given_again(leader: Leader, actor: User) -> None:
    first = give_notice(leader, actor)

    exit_withdraw(leader=leader, actor=actor, now=NOTICED)
    second = give_notice(leader, actor)

    first.refresh_from_db()
    assert (first.state, second.state) == (LeaderExitState.WITHDRAWN, LeaderExitState.NOTICED)


def test_nobody_leaves_before_the_last_day(leader: Leader, actor: User) -> None:
    give_notice(leader, actor)

    with pytest.raises(ExitBlocked):
        exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY - timedelta(days=1))


def test_nobody_leaves_without_a_notice(leader: Leader, actor: User) -> None:
    with pytest.raises(ExitOver):
        exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY)


def test_who_leaves_closes_points_ties_and_log_in_and_keeps_residents(
    leader: Leader, actor: User
) -> None:
    resident = ResidentFactory.create(leader=leader)
    minding = SubstitutionFactory.create(
        substitute=leader, from_date=date(2026, 3, 1), until_date=date(2026, 3, 20)
    )
    resale = Resale.objects.create(
        owner=LeaderFactory.create(), reseller=leader, rate_bp=500, agreed_at=NOTICED
    )
    invite = InviteCode.objects.create(
        code="K7M2QX",
        inviter=leader,
        made_by=actor,
        made_at=NOTICED,
        expires_at=NOTICED + timedelta(days=14),
    )
    give_notice(leader, actor)

    exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY)

    for row in (leader, resident, minding, resale, invite):
        row.refresh_from_db()
    assert leader.state == LeaderState.QUIT
    assert leader.user is not None
    assert not User.objects.get(pk=leader.user.pk).is_active
    assert not leader.pickup_points.get().is_open
    assert minding.ended_on == date(2026, 3, 8)
    assert resale.ended_at == LAST_DAY
    assert invite.expires_at == LAST_DAY
    assert resident.leader == leader
    assert LeaderExit.objects.get(leader=leader).state == LeaderExitState.DONE


def test_a_successor_takes_the_points(leader: Leader, actor: User) -> None:
    point = leader.pickup_points.get()
    successor = LeaderFactory.create()
    give_notice(leader, actor)

    exit_complete(leader=leader, successor=successor, actor=actor, now=LAST_DAY)

    point.refresh_from_db()
    assert (point.leader, point.is_open) == (successor, True)


def test_nobody_leaves_twice(leader: Leader, actor: User) -> None:
    give_notice(leader, actor)
    exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY)

    with pytest.raises(ExitOver):
        exit_complete(leader=leader, successor=None, actor=actor, now=LAST_DAY)
    with pytest.raises(ExitNoticedAlready):
        give_notice(leader, actor)
