"""What stands on the labels of a night."""

from datetime import date

import pytest

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.receiving import ReceiptLineVoid
from fulfillment.models.warehouse import Tote, ToteState
from fulfillment.papers.labels.household_label import HouseholdLine
from fulfillment.papers.labels.pallet_label import PalletLabel
from fulfillment.papers.labels.tote_label import ToteLabel
from fulfillment.papers.labels.weigh_label import WeighLabel
from fulfillment.selectors.labels.choice import LabelChoice
from fulfillment.selectors.labels.door_labels import household_labels, item_labels
from fulfillment.selectors.labels.warehouse_labels import (
    pallet_labels,
    tote_labels,
    weigh_labels,
)
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku
from tests.factories.label_floor import LabelFloor
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory
from tests.factories.weighing import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor() -> LabelFloor:
    return LabelFloor()


def test_every_piece_has_a_label_in_the_order_of_the_doors(floor: LabelFloor) -> None:
    labels = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, slot="3-7"))

    assert [
        (x.room, x.product_no, x.sku_name, x.piece_no, x.pieces, x.door_piece_no, x.door_pieces)
        for x in labels
    ] == [
        ("901", 1, "西兰花 750g", 1, 3, 1, 4),
        ("1203", 1, "西兰花 750g", 2, 3, 2, 4),
        ("1203", 1, "西兰花 750g", 3, 3, 3, 4),
        ("1203", 2, "西瓜 约3.5斤", 1, 1, 4, 4),
    ]
    assert {(x.slot, x.leader_name, x.building) for x in labels} == {("3-07", "张阿姨", "3栋")}


def test_a_label_alone_says_what_it_says_among_all(floor: LabelFloor) -> None:
    every = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM))
    melon = every[3]

    alone = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, of=melon.code.number))
    by_sku = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, sku_code="K010"))

    assert alone == by_sku == [melon]
    assert (melon.door_piece_no, melon.door_pieces) == (4, 4)


def test_what_was_given_instead_has_labels_of_its_own_name(floor: LabelFloor) -> None:
    line = floor.other.lines.get()
    allocation = line.allocation
    allocation.allocated_qty = 0
    allocation.substitute_sku = SkuFactory.create(code="K002", name="花菜 750g", unit="颗")
    allocation.substitute_qty = 1
    allocation.save()

    (label,) = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, slot="3-08"))

    assert (label.sku_name, label.unit) == ("花菜 750g", "颗")


def test_a_household_gets_everything_on_one_label(floor: LabelFloor) -> None:
    labels = household_labels(floor.run, LabelChoice(kind=Labelled.HOUSEHOLD, leader_code="L01"))

    assert [(x.room, x.pickup_no, x.pieces) for x in labels] == [("901", "4", 1), ("1203", "17", 3)]
    assert labels[1].code == LabelCode(Labelled.HOUSEHOLD, floor.far.pk)
    assert labels[1].lines == (
        HouseholdLine(sku_name="西兰花 750g", unit="份", qty=2),
        HouseholdLine(sku_name="西瓜 约3.5斤", unit="个", qty=1),
    )


def test_without_a_choice_only_bagged_points_get_household_labels(floor: LabelFloor) -> None:
    everything = LabelChoice(kind=Labelled.HOUSEHOLD)
    before = household_labels(floor.run, everything)
    point = floor.drops["3-08"].pickup_point
    point.is_bagged = True
    point.save()

    assert before == []
    assert [label.room for label in household_labels(floor.run, everything)] == ["201"]


def test_a_leaders_choice_holds_nobody_elses_doors(floor: LabelFloor) -> None:
    own = LabelChoice(kind=Labelled.ITEM, leader=floor.li)
    others = LabelChoice(kind=Labelled.ITEM, leader=floor.li, slot="3-07")
    row = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, slot="3-07"))[0]
    by_key = LabelChoice(kind=Labelled.ITEM, leader=floor.li, of=row.code.number)

    assert [label.room for label in item_labels(floor.run, own)] == ["201"]
    assert item_labels(floor.run, others) == []
    assert item_labels(floor.run, by_key) == []


def test_totes_are_numbered_by_their_sealed_rows(floor: LabelFloor) -> None:
    wanted = LabelChoice(kind=Labelled.TOTE)
    before = tote_labels(floor.run, wanted)
    first, second = floor.seal()

    labels = tote_labels(floor.run, wanted)

    assert before == []
    assert labels[1] == ToteLabel(
        code=LabelCode(Labelled.TOTE, second.pk),
        slot="3-07",
        leader_name="张阿姨",
        stop_seq=7,
        stops=2,
        tote_no=2,
        totes=2,
        storage=StorageClass.AMBIENT,
        class_totes=2,
        pieces=4,
        delivery_on=date(2026, 3, 11),
    )
    one = LabelChoice(kind=Labelled.TOTE, of=first.pk)
    assert tote_labels(floor.run, one) == labels[:1]


def test_a_tote_that_is_not_sealed_has_no_label(floor: LabelFloor) -> None:
    first, second = floor.seal()
    Tote.objects.filter(pk=second.pk).update(state=ToteState.ASSIGNED)

    (label,) = tote_labels(floor.run, LabelChoice(kind=Labelled.TOTE))

    assert label.code.number == first.pk
    assert (label.tote_no, label.totes) == (1, 1)


def test_totes_are_chosen_by_route(floor: LabelFloor) -> None:
    floor.seal()

    assert len(tote_labels(floor.run, LabelChoice(kind=Labelled.TOTE, route_no=3))) == 2
    assert tote_labels(floor.run, LabelChoice(kind=Labelled.TOTE, route_no=4)) == []


def test_a_pallet_says_what_is_good_and_which_routes_want_it(floor: LabelFloor) -> None:
    line = floor.count()

    assert pallet_labels(floor.run, LabelChoice(kind=Labelled.PALLET, of=line.pk)) == [
        PalletLabel(
            code=LabelCode(Labelled.PALLET, line.pk),
            sku_code="K001",
            sku_name="西兰花 750g",
            unit="份",
            storage=StorageClass.AMBIENT,
            accepted_qty=4,
            splits=(("R3", 4),),
            batch_no="B20260310",
            supplier_name="郑州蔬菜供应商",
            expires_on=date(2026, 3, 14),
            received_on=date(2026, 3, 11),
        )
    ]


def test_a_count_that_was_taken_back_has_no_label(floor: LabelFloor) -> None:
    line = floor.count()
    ReceiptLineVoid.objects.create(
        receipt_line=line, reason="数错", voided_at=NOW, voided_by=UserFactory.create()
    )

    assert pallet_labels(floor.run, LabelChoice(kind=Labelled.PALLET)) == []


def test_a_portion_says_whether_money_goes_back(floor: LabelFloor) -> None:
    (label,) = weigh_labels(floor.run, LabelChoice(kind=Labelled.PORTION, sku_code="K010"))

    assert label == WeighLabel(
        code=LabelCode(Labelled.PORTION, floor.portion.pk),
        sku_name="西瓜 约3.5斤",
        slot="3-07",
        portion_no=1,
        portions=1,
        net_g=1684,
        sold_g=1750,
        has_refund=True,
        weighed_by="周师傅",
    )


def test_a_line_that_is_not_fully_weighed_says_neither(floor: LabelFloor) -> None:
    allocation = floor.portion.allocation
    line = allocation.order_line
    line.qty = 2
    line.save()
    allocation.ordered_qty = allocation.allocated_qty = 2
    allocation.save()

    (label,) = weigh_labels(floor.run, LabelChoice(kind=Labelled.PORTION))

    assert (label.portions, label.has_refund) == (2, None)


def test_what_was_sold_keeps_its_name_on_the_label(floor: LabelFloor) -> None:
    Sku.objects.filter(code="K001").update(name="别的名字")

    labels = item_labels(floor.run, LabelChoice(kind=Labelled.ITEM, slot="3-08"))

    assert [label.sku_name for label in labels] == ["西兰花 750g"]
