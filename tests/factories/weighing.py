"""A scale, and a day with goods that are sold by weight."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.domain.bundle import DayBundle
from fulfillment.models.allocation import Allocation
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.services.weighing import Weighing, portion_weigh
from leaders.models.accounts import Role, User
from orders.models.catalogue import SkuKind
from tests.builders import tiny_day
from tests.factories.fulfillment import AllocationFactory, WarehouseFactory
from tests.factories.leaders import UserFactory

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
MELON_G = 1750


class ScaleFactory(DjangoModelFactory[Scale]):
    """A scale that is verified for another year."""

    class Meta:
        model = Scale

    code = Sequence(lambda n: f"SC{n:02d}")
    warehouse = SubFactory(WarehouseFactory)
    certificate_no = "豫计检字 2026-0117"
    verified_until = date(2027, 1, 16)


class WeighedPortionFactory(DjangoModelFactory[WeighedPortion]):
    """One melon of 1,684 g net, sold as 1,750 g."""

    class Meta:
        model = WeighedPortion

    allocation = SubFactory(
        AllocationFactory,
        order_line__offer__sku__kind=SkuKind.CATCH_WEIGHT,
        order_line__offer__sku__weight_g=MELON_G,
    )
    portion_no = 1
    nominal_g = MELON_G
    gross_g = 1704
    tare_g = 20
    scale = SubFactory(ScaleFactory)
    weighed_by = SubFactory(UserFactory, role=Role.WAREHOUSE)
    weighed_at = NOW


def melon_day() -> DayBundle:
    """The tiny day in which K3 is a melon of 1,750 g ± 3 % for 10.00 yuan.

    O2 has five of them, O4 one; all six arrive.
    """
    day = tiny_day()
    melon = replace(
        day.skus[2], name="西瓜 约3.5斤", kind="catch_weight", weight_g=MELON_G, tolerance_pct=3
    )
    return replace(day, skus=(*day.skus[:2], melon))


def melons(order_no: str) -> Allocation:
    """What an order of the melon day gets of melons."""
    allocation: Allocation = Allocation.objects.select_related("run", "order_line__order").get(
        order_line__order__source_no=order_no, order_line__sku__code="K3"
    )
    return allocation


class Station:
    """A weigh station: one scale, one person, a tare of 20 g."""

    def __init__(self) -> None:
        self.scale: Scale = ScaleFactory.create()
        self.weigher: User = UserFactory.create(role=Role.WAREHOUSE, first_name="周师傅")

    def weighing(
        self,
        allocation: Allocation,
        number: int,
        net_g: int,
        *,
        note: str = "",
        event_id: UUID | None = None,
    ) -> Weighing:
        """A portion of `net_g` as the station reads it."""
        return Weighing(
            event_id=event_id or uuid4(),
            allocation_id=allocation.pk,
            portion_no=number,
            gross_g=net_g + 20,
            tare_g=20,
            scale_id=self.scale.pk,
            approval_note=note,
        )

    def weigh(
        self, allocation: Allocation, *nets_g: int, now: datetime = NOW
    ) -> list[WeighedPortion]:
        """Weigh the portions of a line from the first one on."""
        return [
            portion_weigh(
                weighing=self.weighing(allocation, number, net_g, note="主管已看"),
                actor=self.weigher,
                now=now,
            )
            for number, net_g in enumerate(nets_g, start=1)
        ]
