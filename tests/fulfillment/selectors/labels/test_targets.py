"""Where the code of a label leads."""

import pytest
from django.urls import reverse

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.delivery import Stop
from fulfillment.selectors.labels.targets import label_target
from leaders.models.accounts import Role, User
from tests.factories.label_floor import LabelFloor
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor() -> LabelFloor:
    return LabelFloor()


@pytest.fixture
def packer() -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


def target(kind: Labelled, number: int, user: User) -> str | None:
    return label_target(str(LabelCode(kind, number)), user)


def test_a_tote_leads_to_its_trip_and_without_one_to_its_drop(
    floor: LabelFloor, packer: User
) -> None:
    tote = floor.seal()[0]
    stop = floor.drops["3-07"].stops.get()

    on_route = target(Labelled.TOTE, tote.pk, packer)
    Stop.objects.filter(pk=stop.pk).delete()

    assert on_route == reverse("load-trip", args=["C1", stop.trip_id])
    in_slot = target(Labelled.TOTE, tote.pk, packer)
    assert in_slot == reverse("seal-drop", args=["C1", tote.drop_id])


def test_a_portion_leads_to_its_weigh_page(floor: LabelFloor, packer: User) -> None:
    page = target(Labelled.PORTION, floor.portion.pk, packer)

    assert page == reverse("weigh-sku", args=["C1", floor.task.pk])


def test_a_pallet_leads_to_its_purchase_order(floor: LabelFloor, packer: User) -> None:
    line = floor.count()

    page = target(Labelled.PALLET, line.pk, packer)

    order_page = reverse("receiving-order", args=["C1", line.receipt.purchase_order_id])
    assert page == f"{order_page}#line-{line.purchase_line_id}"


def test_the_label_of_a_door_leads_to_its_drop(floor: LabelFloor, packer: User) -> None:
    allocation = floor.far.lines.get(sku__code="K001").allocation
    page = reverse("check-drop", args=["C1", floor.drops["3-07"].pk])

    assert target(Labelled.HOUSEHOLD, floor.far.pk, packer) == page
    assert target(Labelled.ITEM, allocation.pk, packer) == page


def test_a_leader_is_led_to_the_order(floor: LabelFloor) -> None:
    leader: User = UserFactory.create(role=Role.LEADER)
    allocation = floor.far.lines.get(sku__code="K001").allocation
    page = f"/leader/orders/{floor.far.pk}/"

    assert target(Labelled.HOUSEHOLD, floor.far.pk, leader) == page
    assert target(Labelled.ITEM, allocation.pk, leader) == page
    assert target(Labelled.PORTION, floor.portion.pk, leader) is None


@pytest.mark.parametrize("kind", Labelled)
def test_what_nothing_carries_leads_nowhere(kind: Labelled, packer: User) -> None:
    assert target(kind, 999_999, packer) is None


@pytest.mark.parametrize("text", ["", "U-000012-0", "S*0310A*R03*1"])
def test_what_is_no_labels_code_leads_nowhere(text: str, packer: User) -> None:
    assert label_target(text, packer) is None
