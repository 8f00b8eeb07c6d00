"""What purchase orders are called."""

from fulfillment.domain.purchase_numbers import purchase_order_no, purchase_scope


def test_the_order_of_the_cutoff_has_no_number_of_its_own() -> None:
    assert purchase_order_no("C1", "S01", 1) == "P-C1-S01"
    assert purchase_order_no("C1", "S01", 2) == "P-C1-S01-2"


def test_the_papers_of_two_orders_of_a_supplier_differ() -> None:
    assert [purchase_scope("S01", seq) for seq in (1, 2)] == ["S01", "S01-2"]
