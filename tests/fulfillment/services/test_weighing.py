"""The weigh station: portions as events, and money back for what is light."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from fulfillment.errors import (
    DayClosed,
    PortionNotExpected,
    PortionOutsideBand,
    ScaleNotVerified,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import portions_standing, weigh_lines
from fulfillment.services.weighing import (
    portion_undo,
    portion_weigh,
    weight_refunds_request,
)
from orders.models.ledger import Transfer
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund, RefundReason
from tests.factories.weighing import NOW, Station, melon_day, melons
from tests.fulfillment.services.days import played, sharing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold", "english")]


def short_weights() -> list[tuple[str, int]]:
    """Number and amount of every refund for short weight."""
    refunds = Refund.objects.filter(reason=RefundReason.SHORT_WEIGHT).order_by("out_refund_no")
    return list(refunds.values_list("out_refund_no", "amount_fen"))


def refund_all(run: CutoffRun) -> dict[str, int]:
    return dict(weight_refunds_request(run=run, now=NOW))


@pytest.fixture
def run() -> CutoffRun:
    """The melon day before its refunds."""
    return sharing(melon_day())


@pytest.fixture
def station(run: CutoffRun) -> Station:
    return Station()


def test_a_portion_is_stored_net_of_its_tare_with_what_it_was_sold_as(station: Station) -> None:
    line = melons("O4")

    (portion,) = station.weigh(line, 1712)

    portion.refresh_from_db()
    assert (portion.gross_g, portion.tare_g, portion.net_g) == (1732, 20, 1712)
    assert (portion.portion_no, portion.nominal_g, portion.approval_note) == (1, 1750, "")
    assert portion.weighed_by == station.weigher
    assert not ExceptionCase.objects.filter(stage="weigh").exists()


def test_the_same_event_is_stored_once(station: Station) -> None:
    weighing = station.weighing(melons("O4"), 1, 1712, event_id=uuid4())

    first = portion_weigh(weighing=weighing, actor=station.weigher, now=NOW)
    again = portion_weigh(weighing=weighing, actor=station.weigher, now=NOW)

    assert again == first
    assert WeighedPortion.objects.count() == 1


def test_a_portion_that_is_weighed_is_not_weighed_over(station: Station) -> None:
    line = melons("O4")
    station.weigh(line, 1712)

    with pytest.raises(PortionNotExpected, match="Undo it"):
        station.weigh(line, 1750)


@pytest.mark.parametrize("number", [0, 2])
def test_a_line_has_one_portion_for_each_piece_it_gets(station: Station, number: int) -> None:
    with pytest.raises(PortionNotExpected):
        portion_weigh(
            weighing=station.weighing(melons("O4"), number, 1712),
            actor=station.weigher,
            now=NOW,
        )


def test_goods_of_fixed_packs_are_not_weighed(station: Station) -> None:
    line = melons("O4").order_line.order.lines.get(sku__code="K1").allocation

    with pytest.raises(PortionNotExpected, match="not sold by weight"):
        station.weigh(line, 500)


def test_an_empty_scale_weighs_nothing(station: Station) -> None:
    with pytest.raises(PortionNotExpected, match="nothing on the scale"):
        station.weigh(melons("O4"), 0)


def test_a_scale_is_verified_on_the_day_it_weighs(station: Station) -> None:
    Scale.objects.update(verified_until=date(2026, 3, 11))
    station.weigh(melons("O4"), 1712)
    Scale.objects.update(verified_until=date(2026, 3, 10))

    with pytest.raises(ScaleNotVerified):
        station.weigh(melons("O2"), 1712)


def test_a_scale_that_is_out_of_use_does_not_weigh(station: Station) -> None:
    Scale.objects.update(is_active=False)

    with pytest.raises(ScaleNotVerified):
        station.weigh(melons("O4"), 1712)


def test_after_the_day_nothing_is_weighed_or_undone(run: CutoffRun, station: Station) -> None:
    (portion,) = station.weigh(melons("O4"), 1712)
    CutoffRun.objects.update(day_closed_at=NOW)

    with pytest.raises(DayClosed):
        station.weigh(melons("O2"), 1712)
    with pytest.raises(DayClosed):
        portion_undo(portion_id=portion.pk, event_id=uuid4(), actor=station.weigher, now=NOW)
    # The day was never really over, and the books would ask for its cards.
    CutoffRun.objects.update(day_closed_at=None)


def test_outside_the_band_needs_words_and_opens_a_case(run: CutoffRun, station: Station) -> None:
    line = melons("O4")
    bare = station.weighing(line, 1, 1600)
    with pytest.raises(PortionOutsideBand):
        portion_weigh(weighing=bare, actor=station.weigher, now=NOW)

    said = station.weighing(line, 1, 1600, note="只剩小瓜,已问主管")
    portion = portion_weigh(weighing=said, actor=station.weigher, now=NOW)

    case = ExceptionCase.objects.get(stage="weigh")
    assert portion.approval_note == "只剩小瓜,已问主管"
    assert (case.stage, case.cause, case.qty, case.weight_g) == ("weigh", "weight", 0, 1600)
    assert case.sku_id == line.order_line.sku_id
    assert "1698–1802 g" in case.note
    assert case.drop is not None
    assert case.drop.pickup_point_id == line.order_line.order.pickup_point_id


def test_a_wrong_weight_is_undone_and_weighed_again(run: CutoffRun, station: Station) -> None:
    line = melons("O4")
    (wrong,) = station.weigh(line, 1702)
    event_id = uuid4()

    undone = portion_undo(portion_id=wrong.pk, event_id=event_id, actor=station.weigher, now=NOW)
    again = portion_undo(portion_id=wrong.pk, event_id=event_id, actor=station.weigher, now=NOW)
    (right,) = station.weigh(line, 1748)

    assert undone == again
    assert list(portions_standing()) == [right]
    assert WeighedPortion.objects.count() == 3
    with pytest.raises(PortionNotExpected, match="undone already"):
        portion_undo(portion_id=wrong.pk, event_id=uuid4(), actor=station.weigher, now=NOW)
    with pytest.raises(PortionNotExpected):
        portion_undo(portion_id=undone.pk, event_id=uuid4(), actor=station.weigher, now=NOW)


def test_a_line_is_settled_when_all_of_it_is_weighed(run: CutoffRun, station: Station) -> None:
    station.weigh(melons("O2"), 1700, 1760, 1710, 1700)

    half = refund_all(run)
    weighing = station.weighing(melons("O2"), 5, 1700)
    portion_weigh(weighing=weighing, actor=station.weigher, now=NOW)
    whole = refund_all(run)

    assert (half["weight_refunds"], half["weighed_lines"], half["unweighed_lines"]) == (0, 0, 2)
    # 8,570 g of 8,750 g for 50.00 yuan: 48.97 stay.
    assert short_weights() == [("C1-O2-W1", 103)]
    assert whole == {
        "weight_refunds": 1,
        "weight_refund_fen": 103,
        "weighed_lines": 1,
        "unweighed_lines": 1,
        "overweight_g": 0,
        "overweight_fen": 0,
    }


def test_asking_again_changes_nothing(run: CutoffRun, station: Station) -> None:
    station.weigh(melons("O4"), 1712)

    first = refund_all(run)
    again = refund_all(run)

    assert (first["weight_refunds"], again["weight_refunds"]) == (1, 0)
    assert first["weight_refund_fen"] == again["weight_refund_fen"] == 22
    assert len(short_weights()) == 1


def test_the_refund_is_owed_out_of_what_was_prepaid(run: CutoffRun, station: Station) -> None:
    station.weigh(melons("O4"), 1712)

    refund_all(run)

    refund = Refund.objects.get(reason=RefundReason.SHORT_WEIGHT)
    transfer = Transfer.objects.get(idem_key="refund-req:C1-O4-W1")
    assert (transfer.debit.code, transfer.credit.code) == ("customer_prepaid", "refund_payable")
    assert list(refund.lines.values_list("qty", "amount_fen")) == [(1, 22)]


def test_who_is_paid_back_by_us_hears_of_it(run: CutoffRun, station: Station) -> None:
    Payment.objects.update(provider="sandbox")
    station.weigh(melons("O4"), 1712)

    refund_all(run)

    message = OutboxMessage.objects.get(topic="weight_refunded")
    assert message.facts == {
        "order_no": "C1-O4",
        "goods": [["西瓜 约3.5斤", 1]],
        "amount_fen": 22,
    }


def test_heavier_goods_cost_nothing_and_are_reported(run: CutoffRun, station: Station) -> None:
    station.weigh(melons("O4"), 1790)

    figures = refund_all(run)

    assert short_weights() == []
    assert (figures["overweight_g"], figures["overweight_fen"]) == (40, 22)


def test_a_line_weighed_after_the_refunds_is_paid_back_at_once() -> None:
    played(melon_day())
    station = Station()

    station.weigh(melons("O2"), 1700, 1760, 1710, 1700)
    before = short_weights()
    weighing = station.weighing(melons("O2"), 5, 1700)
    portion_weigh(weighing=weighing, actor=station.weigher, now=NOW)

    assert before == []
    assert short_weights() == [("C1-O2-W1", 103)]


def test_a_lighter_second_weighing_pays_only_the_difference() -> None:
    played(melon_day())
    station = Station()
    line = melons("O4")
    (first,) = station.weigh(line, 1712)

    portion_undo(portion_id=first.pk, event_id=uuid4(), actor=station.weigher, now=NOW)
    station.weigh(line, 1700, now=NOW + timedelta(minutes=1))

    assert short_weights() == [("C1-O4-W1", 22), ("C1-O4-W2", 7)]


def test_a_heavier_second_weighing_takes_nothing_back() -> None:
    played(melon_day())
    station = Station()
    line = melons("O4")
    (first,) = station.weigh(line, 1712)

    portion_undo(portion_id=first.pk, event_id=uuid4(), actor=station.weigher, now=NOW)
    station.weigh(line, 1750)

    assert short_weights() == [("C1-O4-W1", 22)]


def test_what_is_too_little_stays(run: CutoffRun, station: Station) -> None:
    station.weigh(melons("O4"), 1735)

    refund_all(run)

    assert short_weights() == []


def test_a_later_weight_of_the_sku_changes_no_settlement(run: CutoffRun, station: Station) -> None:
    line = melons("O4")
    station.weigh(line, 1712)
    sku = line.order_line.sku
    sku.weight_g = 2000
    sku.save()

    refund_all(run)

    assert short_weights() == [("C1-O4-W1", 22)]


def test_only_what_is_handed_out_is_paid_for(run: CutoffRun, station: Station) -> None:
    line = melons("O2")
    line.allocated_qty = 3
    line.save()
    station.weigh(line, 1700, 1700, 1700)

    (found,) = [row for row in weigh_lines(run.pk) if row.order_no == "C1-O2"]

    settlement = found.settlement()
    assert settlement is not None
    assert settlement.charge_fen + settlement.refund_fen == 3000
    assert timezone.localdate(NOW) == date(2026, 3, 11)
    line.allocated_qty = 5
    line.save()
