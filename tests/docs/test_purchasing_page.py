"""docs/algorithms/purchasing.md against the code."""

from decimal import Decimal

from fulfillment.domain.purchasing import Need, SupplierTerms, propose
from orders.domain.money import format_yuan
from tests.docs.pages import tables

PAGE = "algorithms/purchasing.md"


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def test_the_example_is_bought_as_the_page_says() -> None:
    lines, suppliers, _choices = tables(PAGE)

    plan = propose(
        [Need(row["SKU"], int(row["need"])) for row in lines],
        [
            SupplierTerms(
                supplier_code=row["supplier"],
                sku_code=row["SKU"],
                pack_factor=int(row["pack"]),
                unit_cost_fen=fen(row["cost (yuan)"]),
            )
            for row in lines
        ],
        {row["supplier"]: fen(row["minimum (yuan)"]) for row in suppliers},
    )

    assert [
        {
            "supplier": proposal.supplier_code,
            "SKU": line.sku_code,
            "need": str(line.need_qty),
            "pack": str(line.pack_factor),
            "packs": str(line.packs),
            "ordered": str(line.ordered_qty),
            "surplus": str(line.surplus_qty),
            "cost (yuan)": format_yuan(line.unit_cost_fen),
            "amount (yuan)": format_yuan(line.amount_fen),
        }
        for proposal in plan
        for line in proposal.lines
    ] == lines
    assert [
        {
            "supplier": proposal.supplier_code,
            "amount (yuan)": format_yuan(proposal.amount_fen),
            "minimum (yuan)": format_yuan(proposal.min_order_fen),
            "gap (yuan)": format_yuan(proposal.min_order_gap_fen),
        }
        for proposal in plan
    ] == suppliers


def test_packs_and_not_pieces_are_compared() -> None:
    rows = tables(PAGE)[2]
    large = SupplierTerms(supplier_code="S01", sku_code="K1", pack_factor=100, unit_cost_fen=90)
    small = SupplierTerms(supplier_code="S02", sku_code="K1", pack_factor=10, unit_cost_fen=100)

    assert len(rows) == 2
    for row in rows:
        need = int(row["need"])
        (proposal,) = propose([Need("K1", need)], [large, small], {})
        assert format_yuan(large.cost_of(need)) == row["S01: packs of 100 at 0.90"]
        assert format_yuan(small.cost_of(need)) == row["S02: packs of 10 at 1.00"]
        assert proposal.supplier_code == row["bought from"]
