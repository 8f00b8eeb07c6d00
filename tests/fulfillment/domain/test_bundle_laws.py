"""Laws that hold for every bundle, however spoiled."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.domain.bundle import DayBundle, Severity, StoppedBundle
from fulfillment.domain.bundle_cells import EXCERPT_LIMIT
from fulfillment.domain.bundle_format import COLUMNS, QTY_LIMIT
from fulfillment.domain.bundle_understanding import understand
from tests.bundles import TABLES, BundleText

PLACES = [
    (file, row, column)
    for file, rows in TABLES.items()
    for row in range(2, 2 + len(rows))
    for column in COLUMNS[file]
]
# What people and programs really put into cells, and anything else.
TYPICAL = [
    "",
    "0",
    "-1",
    "1",
    "9999",
    "10000",
    "nan",
    "inf",
    "1e5",
    "1,5",
    "２",
    "true",
    "K1",
    "L1",
    "S1",
    "O1",
    "R1",
    "chill",
    "WGS-84",
    "113.7",
    "34.7",
    "07:00",
    "24:00",
    "2026-05-01 08:00",
    "2026-05-01T08:00:00Z",
    "=1+1",
    "\x00",
]
CELLS = st.one_of(
    st.sampled_from([*TYPICAL, "栋" * 10_000]),
    st.text(st.characters(codec="utf-8"), max_size=40),
)
SPOILT = st.lists(st.tuples(st.sampled_from(PLACES), CELLS), max_size=6)


def spoilt(changes: list[tuple[tuple[str, int, str], str]]) -> DayBundle | StoppedBundle:
    text = BundleText()
    raw = text.raw()
    for (file, row, column), value in changes:
        cells = raw.sheets[file].rows[row - 2].cells
        assert isinstance(cells, dict)
        cells[column] = value
    return understand(raw)


@settings(max_examples=400, deadline=None)
@given(SPOILT)
def test_every_bundle_is_understood_or_stopped_with_reasons(
    changes: list[tuple[tuple[str, int, str], str]],
) -> None:
    bundle = spoilt(changes)

    if isinstance(bundle, StoppedBundle):
        assert any(reason.severity is Severity.FATAL for reason in bundle.reasons)
        return
    leaders = {leader.code for leader in bundle.leaders}
    suppliers = {supplier.code for supplier in bundle.suppliers}
    skus = {sku.code: sku for sku in bundle.skus}
    assert all(sku.supplier_code in suppliers for sku in bundle.skus)
    assert all(receipt.sku_code in skus for receipt in bundle.receipts)
    for order in bundle.orders:
        assert order.leader_code in leaders
        assert order.lines
        assert len({line.sku_code for line in order.lines}) == len(order.lines)
        assert all(line.sku_code in skus for line in order.lines)
        assert all(1 <= line.qty <= QTY_LIMIT for line in order.lines)
        assert all(0 <= line.amount_fen < 2**31 for line in order.lines)
        assert order.paid_at.utcoffset() is not None


@settings(max_examples=200, deadline=None)
@given(SPOILT)
def test_no_order_line_disappears_without_a_word(
    changes: list[tuple[tuple[str, int, str], str]],
) -> None:
    bundle = spoilt(changes)
    if isinstance(bundle, StoppedBundle):
        return

    kept = {line.row for order in bundle.orders for line in order.lines}
    refused = {
        warning.row
        for warning in bundle.warnings
        if warning.file == "orders.csv" and warning.severity is Severity.ERROR
    }
    assert kept | refused == set(range(2, 2 + len(TABLES["orders.csv"])))
    assert not kept & refused


@settings(deadline=None)
@given(SPOILT)
def test_no_warning_floods_the_report(
    changes: list[tuple[tuple[str, int, str], str]],
) -> None:
    bundle = spoilt(changes)

    warnings = bundle.reasons if isinstance(bundle, StoppedBundle) else bundle.warnings
    for warning in warnings:
        assert all(len(str(value)) <= EXCERPT_LIMIT for value in warning.params.values())


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(BundleText().campaign)), st.one_of(CELLS, st.integers()))
)
def test_every_campaign_is_understood_or_stopped(fields: dict[str, object]) -> None:
    text = BundleText()
    text.campaign.update(fields)

    assert isinstance(understand(text.raw()), DayBundle | StoppedBundle)
