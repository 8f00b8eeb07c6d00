"""The four counts behind a claim, from the rows of a played day."""

import pytest

from fulfillment.domain.claim_liability import Ground
from fulfillment.models.exceptions import Bearer
from fulfillment.selectors.claim_liability import suggest
from orders.models.claims import ClaimKind
from orders.models.orders import OrderLine
from tests.factories.claims import claim_of, sold
from tests.factories.fulfillment import BatchFactory
from tests.factories.orders import ClaimFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db


def test_goods_that_came_and_were_counted_are_the_suppliers_hidden_defect() -> None:
    goods = sold()
    BatchFactory.create(receipt_line=goods.purchase_line.receipt_lines.get(), batch_no="B-1")

    found = suggest(claim_of(goods))

    assert (found.bearer, found.ground) == (Bearer.SUPPLIER, Ground.HIDDEN_DEFECT)
    assert (found.counts.accepted, found.counts.rejected, found.counts.planned) == (10, 0, 2)
    assert [(one.line, one.accepted, one.batches) for one in found.sources] == [
        (goods.purchase_line, 10, ("B-1",))
    ]


def test_goods_nobody_loaded_are_the_warehouses() -> None:
    found = suggest(claim_of(sold(), kind=ClaimKind.MISSING))

    assert (found.bearer, found.ground) == (Bearer.WAREHOUSE, Ground.NOT_LOADED)


def test_a_played_day_is_told_by_its_counts() -> None:
    run = played()
    line = OrderLine.objects.filter(allocation__run=run, allocation__short_qty=0).earliest("pk")
    claim = ClaimFactory.create(order_line=line, kind=ClaimKind.MISSING)

    found = suggest(claim)

    assert found.counts.planned > 0
    assert found.counts.sorted in (None, found.counts.planned)
