"""What a purchase order is called, on paper and in the address of its files."""

FIRST_SEQ = 1


def purchase_order_no(campaign_code: str, supplier_code: str, seq: int) -> str:
    """Return 'P-C1-S01' for the order of the cut-off and 'P-C1-S01-2' for the next."""
    return f"P-{campaign_code}-{purchase_scope(supplier_code, seq)}"


def purchase_scope(supplier_code: str, seq: int) -> str:
    """Return what tells the papers of an order from those of others in its run."""
    return supplier_code if seq == FIRST_SEQ else f"{supplier_code}-{seq}"
