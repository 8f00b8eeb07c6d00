"""The list a leader takes along: whole, masked, inert, and written down."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from fulfillment.services.customer_export import customers_export
from leaders.errors import ExportRefused
from leaders.models.audit import AuditEvent
from leaders.models.care import LeaderExit, LeaderExitState
from leaders.models.leaders import Leader, LeaderState
from orders.models.orders import OrderState
from tests.factories.customers import customer
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import OrderFactory, OrderLineFactory, ResidentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def exported(leader: Leader, now: datetime = NOW) -> list[tuple[object, ...]]:
    """The rows of the table below its headings."""
    assert leader.user is not None
    made: BytesIO = customers_export(leader=leader, actor=leader.user, now=now)
    sheet = openpyxl.load_workbook(made).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    top = next(at for at, row in enumerate(rows) if row[0] == "Name")
    return [tuple(row) for row in rows[top + 1 :]]


def left(leader: Leader, noticed_at: datetime, **given: object) -> LeaderExit:
    """Somebody who gave notice and is gone."""
    assert leader.user is not None
    Leader.objects.filter(pk=leader.pk).update(state=LeaderState.QUIT)
    leader.refresh_from_db()
    plain = {"state": LeaderExitState.DONE, "closed_at": noticed_at + timedelta(days=7)}
    row: LeaderExit = LeaderExit.objects.create(
        leader=leader,
        reason="搬家",
        noticed_at=noticed_at,
        noticed_by=leader.user,
        leaves_on=noticed_at.date() + timedelta(days=7),
        **plain | given,
    )
    return row


def test_everybody_is_in_it_with_every_paid_order() -> None:
    lin = LeaderFactory.create()
    mao = customer(lin, "毛海燕", days_ago=1, now=NOW)
    silent = customer(lin, "陈明", days_ago=None, now=NOW)
    customer(LeaderFactory.create(), "别家", days_ago=1, now=NOW)
    OrderFactory.create(leader=lin, resident=mao, state=OrderState.CANCELLED)

    rows = exported(lin)

    order = mao.orders.get(state=OrderState.PAID)
    line = order.lines.get()
    assert rows == [
        (
            "毛海燕",
            "3栋",
            "501",
            mao.phone[-4:],
            order.order_no,
            "2026-03-09 12:00",
            f"{line.sku_name} × 2",
            2,
            10,
        ),
        ("陈明", "3栋", "501", silent.phone[-4:], "", "", "", None, None),
    ]


def test_no_cell_runs_and_no_number_is_whole() -> None:
    lin = LeaderFactory.create()
    resident = ResidentFactory.create(
        leader=lin, name="=HYPERLINK(1)", building="+1", room="@x", phone="19906912483"
    )
    order = OrderFactory.create(leader=lin, resident=resident)
    OrderLineFactory.create(order=order, sku_name="-2+3")

    row = exported(lin)[0]

    assert row[:4] == ("'=HYPERLINK(1)", "'+1", "'@x", "2483")
    assert "19906912483" not in str(row)
    assert str(row[6]).startswith("'-2+3")


def test_who_moved_to_another_leader_is_not_in_it() -> None:
    lin, wang = LeaderFactory.create(), LeaderFactory.create()
    resident = customer(lin, "毛海燕", days_ago=1, now=NOW)
    resident.leader = wang
    resident.save()

    assert exported(lin) == []
    assert [row[4] for row in exported(wang)] == [""]


def test_every_export_is_written_down_without_names() -> None:
    lin = LeaderFactory.create()
    customer(lin, "毛海燕", days_ago=1, now=NOW)

    exported(lin)

    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("customers.exported", str(lin.pk))
    assert event.facts == {"residents": 1, "orders": 1}


def test_who_left_may_take_it_until_thirty_days_after_the_notice() -> None:
    lin = LeaderFactory.create()
    left(lin, NOW)

    assert exported(lin, NOW + timedelta(days=30)) == []
    with pytest.raises(ExportRefused):
        exported(lin, NOW + timedelta(days=30, seconds=1))


def test_who_left_without_a_notice_may_not_and_who_only_gave_notice_may() -> None:
    gone = LeaderFactory.create(state=LeaderState.QUIT)
    staying = LeaderFactory.create()
    notice = left(staying, NOW, state=LeaderExitState.NOTICED, closed_at=None)
    staying.state = LeaderState.ACTIVE
    staying.save()

    with pytest.raises(ExportRefused):
        exported(gone)
    assert exported(staying, notice.noticed_at + timedelta(days=90)) == []
    assert AuditEvent.objects.count() == 1
