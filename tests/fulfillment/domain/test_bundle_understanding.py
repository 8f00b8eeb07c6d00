from datetime import UTC, datetime, time

import pytest

from fulfillment.domain.bundle import Finding, Severity, StoppedBundle
from fulfillment.domain.bundle_understanding import understand
from leaders.domain.coordinates import CoordSystem, to_wgs84
from tests.bundles import BundleText, lines_of, only_warning, told


def test_a_clean_day_is_understood_without_a_word() -> None:
    bundle = BundleText().understood()

    assert bundle.warnings == ()
    assert [order.order_no for order in bundle.orders] == ["O1", "O2", "O3"]
    assert [line.qty for line in lines_of(bundle)] == [2, 1, 2, 1]
    assert [order.amount_fen for order in bundle.orders] == [1608, 2580, 1990]
    assert bundle.orders[0].paid_at == datetime(2026, 5, 1, 0, 1, tzinfo=UTC)
    assert bundle.leaders[0].place == to_wgs84(113.72, 34.71, CoordSystem.GCJ02)
    assert bundle.leaders[1].households is None
    assert bundle.skus[1].stock_cap == 3
    assert bundle.skus[2].per_resident_limit is None
    assert bundle.vehicles[0].chilled is True


@pytest.mark.parametrize(
    ("column", "value", "finding"),
    [
        ("sku_code", "K9", Finding.SKU_UNKNOWN),
        ("sku_code", "", Finding.CODE_MISSING),
        ("leader_code", "L9", Finding.LEADER_UNKNOWN),
        ("resident_code", "", Finding.CODE_MISSING),
        ("qty", "0", Finding.NUMBER_UNUSABLE),
        ("qty", "-2", Finding.NUMBER_UNUSABLE),
        ("qty", "1.5", Finding.NUMBER_UNUSABLE),
        ("qty", "2.0", Finding.NUMBER_UNUSABLE),
        ("qty", "２", Finding.NUMBER_UNUSABLE),
        ("qty", "", Finding.NUMBER_UNUSABLE),
        ("qty", "10000", Finding.NUMBER_UNUSABLE),
        ("unit_price_fen", "15.9", Finding.NUMBER_UNUSABLE),
        ("paid_at", "", Finding.MOMENT_UNUSABLE),
        ("paid_at", "2026-02-30 08:00:00+08:00", Finding.MOMENT_UNUSABLE),
        ("order_no", "O" * 10_000, Finding.CODE_UNUSABLE),
    ],
)
def test_a_line_that_cannot_be_understood_is_refused_and_the_rest_goes_on(
    column: str, value: str, finding: Finding
) -> None:
    bundle = BundleText().cell("orders.csv", 3, column, value).understood()

    errors = [warning for warning in bundle.warnings if warning.severity is Severity.ERROR]
    assert (errors[0].file, errors[0].row, errors[0].finding) == ("orders.csv", 3, finding)
    assert [line.sku_code for line in bundle.orders[0].lines] == ["K1"]
    assert [order.order_no for order in bundle.orders] == ["O1", "O2", "O3"]
    assert all(len(str(value)) <= 60 for value in errors[0].params.values())


def test_an_order_without_one_good_line_is_no_order() -> None:
    bundle = BundleText().cell("orders.csv", 4, "qty", "0").understood()

    assert [order.order_no for order in bundle.orders] == ["O1", "O3"]
    assert told(bundle)[:2] == [
        ("orders.csv", 4, Finding.NUMBER_UNUSABLE),
        ("orders.csv", 4, Finding.ORDER_EMPTY),
    ]


def test_all_faults_of_a_row_are_named_at_once() -> None:
    text = BundleText().cell("orders.csv", 5, "qty", "x").cell("orders.csv", 5, "leader_code", "?")

    findings = [warning.finding for warning in text.understood().warnings if warning.row == 5]
    assert findings == [Finding.LEADER_UNKNOWN, Finding.NUMBER_UNUSABLE, Finding.ORDER_EMPTY]


def test_an_order_number_used_twice_keeps_the_first_order() -> None:
    text = BundleText().cell("orders.csv", 4, "order_no", "O1")

    bundle = text.understood()

    assert bundle.orders[0].leader_code == "L1"
    assert [order.order_no for order in bundle.orders] == ["O1", "O3"]
    warning = only_warning(bundle)
    assert (warning.row, warning.finding) == (4, Finding.ORDER_CONFLICTS)
    assert warning.params == {"order_no": "O1", "column": "leader_code", "first_row": 2}


def test_a_name_spelled_differently_is_still_the_same_order() -> None:
    bundle = BundleText().cell("orders.csv", 3, "resident_name", "陈小曼").understood()

    assert len(bundle.orders[0].lines) == 2
    assert bundle.orders[0].resident_name == "陈小满"
    assert told(bundle) == [("orders.csv", 3, Finding.ORDER_DETAILS_DIFFER)]


def test_the_same_article_twice_in_an_order_is_refused_the_second_time() -> None:
    bundle = BundleText().cell("orders.csv", 3, "sku_code", "K1").understood()

    assert [line.qty for line in bundle.orders[0].lines] == [2]
    assert ("orders.csv", 3, Finding.SKU_REPEATED) in told(bundle)


def test_the_paid_price_stands_against_the_listed_one() -> None:
    bundle = BundleText().cell("orders.csv", 2, "unit_price_fen", "100").understood()

    assert bundle.orders[0].lines[0].amount_fen == 200
    assert only_warning(bundle).params == {"code": "K1", "paid_fen": 100, "listed_fen": 159}


def test_lines_over_a_cap_or_a_limit_are_kept_and_named() -> None:
    text = BundleText().cell("orders.csv", 3, "qty", "3")

    bundle = text.understood()

    assert bundle.orders[0].lines[1].qty == 3
    assert [(w.row, w.finding, w.params["total"], w.params["limit"]) for w in bundle.warnings] == [
        (3, Finding.RESIDENT_LIMIT_EXCEEDED, 3, 2),
        (4, Finding.STOCK_CAP_EXCEEDED, 5, 3),
    ]


def test_a_limit_counts_all_orders_of_a_resident() -> None:
    text = BundleText().cell("orders.csv", 5, "sku_code", "K2").cell("orders.csv", 5, "qty", "2")
    text.cell("orders.csv", 5, "unit_price_fen", "1290").cell("skus.csv", 3, "stock_cap", "")
    text.tables["receipts.csv"].pop()

    warning = only_warning(text.understood())

    assert (warning.row, warning.finding) == (5, Finding.RESIDENT_LIMIT_EXCEEDED)
    assert warning.params["total"] == 3


@pytest.mark.parametrize(
    ("column", "value", "findings"),
    [
        ("paid_at", "2026-05-01 23:05:00+08:00", [Finding.PAID_AFTER_CLOSE]),
        ("paid_at", "2026-05-01 08:59:00+08:00", [Finding.PAID_BEFORE_PLACED]),
        ("placed_at", "2026-05-01 06:59:00+08:00", [Finding.PLACED_OUTSIDE_WINDOW]),
        ("paid_at", "09:30", []),
        ("paid_at", "2026-05-01T01:30:00Z", []),
        ("paid_at", "2026-05-01 09:30", []),
    ],
)
def test_clocks_are_warned_about_and_local_times_are_understood(
    column: str, value: str, findings: list[Finding]
) -> None:
    bundle = BundleText().cell("orders.csv", 4, column, value).understood()

    assert [warning.finding for warning in bundle.warnings] == findings
    if not findings:
        assert bundle.orders[1].paid_at == datetime(2026, 5, 1, 1, 30, tzinfo=UTC)


def test_swapped_coordinates_are_read_the_other_way_round_with_a_warning() -> None:
    text = (
        BundleText().cell("leaders.csv", 3, "lng", "34.69").cell("leaders.csv", 3, "lat", "113.66")
    )

    bundle = text.understood()

    assert bundle.leaders[1].place == to_wgs84(113.66, 34.69, CoordSystem.WGS84)
    warning = only_warning(bundle)
    assert (warning.row, warning.finding) == (3, Finding.COORDINATES_SWAPPED)
    assert warning.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("lng", "lat", "finding"),
    [
        ("-73.98", "40.75", Finding.COORDINATES_OUTSIDE_CHINA),
        ("0", "0", Finding.COORDINATES_OUTSIDE_CHINA),
        ("nan", "34.7", Finding.COORDINATES_OUTSIDE_CHINA),
        ("1e9", "34.7", Finding.COORDINATES_OUTSIDE_CHINA),
        ("东经113", "34.7", Finding.COORDINATES_UNUSABLE),
        ("", "34.7", Finding.COORDINATES_UNUSABLE),
    ],
)
def test_a_leader_nowhere_in_china_is_refused_with_all_orders(
    lng: str, lat: str, finding: Finding
) -> None:
    text = BundleText().cell("leaders.csv", 3, "lng", lng).cell("leaders.csv", 3, "lat", lat)

    bundle = text.understood()

    assert [leader.code for leader in bundle.leaders] == ["L1"]
    assert [order.order_no for order in bundle.orders] == ["O1", "O3"]
    assert told(bundle)[:3] == [
        ("leaders.csv", 3, finding),
        ("orders.csv", 4, Finding.LEADER_UNKNOWN),
        ("orders.csv", 4, Finding.ORDER_EMPTY),
    ]


def test_a_place_in_another_province_is_pointed_out() -> None:
    text = BundleText().cell("leaders.csv", 3, "lng", "108.9").cell("leaders.csv", 3, "lat", "34.2")

    assert told(text.understood()) == [("leaders.csv", 3, Finding.WAREHOUSE_FAR)]


def test_a_code_used_twice_in_a_master_keeps_the_first_row() -> None:
    text = (
        BundleText().cell("leaders.csv", 3, "code", "L1").cell("orders.csv", 4, "leader_code", "L1")
    )

    bundle = text.understood()

    assert [leader.name for leader in bundle.leaders] == ["林巧云"]
    assert only_warning(bundle).params == {"code": "L1", "first_row": 2}


def test_goods_of_an_unlisted_supplier_keep_their_orders() -> None:
    bundle = BundleText().cell("skus.csv", 2, "supplier_code", "S9").understood()

    assert [(s.code, s.name, s.assumed) for s in bundle.suppliers] == [
        ("S1", "云湖蔬菜行", False),
        ("S9", "S9", True),
    ]
    assert len(lines_of(bundle)) == 4
    assert told(bundle) == [
        ("skus.csv", 2, Finding.SUPPLIER_ASSUMED),
        ("receipts.csv", 2, Finding.RECEIPT_OTHER_SUPPLIER),
    ]


@pytest.mark.parametrize(
    "column", ["pack_factor", "weight_g", "volume_ml", "price_fen", "cost_fen"]
)
def test_goods_with_an_unusable_figure_are_refused(column: str) -> None:
    bundle = BundleText().cell("skus.csv", 4, column, "many").understood()

    assert [sku.code for sku in bundle.skus] == ["K1", "K2"]
    assert told(bundle) == [
        ("skus.csv", 4, Finding.NUMBER_UNUSABLE),
        ("orders.csv", 5, Finding.SKU_UNKNOWN),
        ("orders.csv", 5, Finding.ORDER_EMPTY),
        ("receipts.csv", 4, Finding.SKU_UNKNOWN),
    ]


def test_a_price_below_cost_is_pointed_out() -> None:
    bundle = BundleText().cell("skus.csv", 2, "cost_fen", "160").understood()

    assert only_warning(bundle).params == {"price_fen": 159, "cost_fen": 160}


def test_what_only_helps_people_is_mended_with_a_warning() -> None:
    text = BundleText()
    text.cell("leaders.csv", 2, "name", "林" * 10_000)
    text.cell("leaders.csv", 2, "phone", "1" * 10_000)
    text.cell("leaders.csv", 2, "opens_at", "25:00")
    text.cell("leaders.csv", 2, "unload_minutes", "soon")
    text.cell("leaders.csv", 2, "address", "桂花\x00路\u202e8号")

    leader = text.understood().leaders[0]

    assert leader.name == "林" * 59 + "…"
    assert leader.phone == ""
    assert leader.opens_at == time(6, 0)
    assert leader.unload_minutes == 5
    assert leader.address == "桂花 路 8号"
    assert [warning.finding for warning in text.understood().warnings] == [
        Finding.TEXT_CUT,
        Finding.VALUE_REPLACED,
        Finding.PHONE_LEFT_OUT,
        Finding.TEXT_CLEANED,
        Finding.VALUE_REPLACED,
    ]


def test_a_point_that_closes_before_it_opens_gets_the_usual_hours() -> None:
    leader = BundleText().cell("leaders.csv", 2, "closes_at", "05:00").understood().leaders[0]

    assert (leader.opens_at, leader.closes_at) == (time(6, 0), time(16, 0))


def test_a_name_that_is_a_formula_is_a_name() -> None:
    bundle = BundleText().cell("orders.csv", 4, "resident_name", "=cmd|' /C calc'!A0").understood()

    assert bundle.orders[1].resident_name == "=cmd|' /C calc'!A0"
    assert bundle.warnings == ()


def test_a_resident_without_a_name_goes_by_the_code() -> None:
    bundle = BundleText().cell("orders.csv", 4, "resident_name", "").understood()

    assert bundle.orders[1].resident_name == "R2"
    assert told(bundle) == [("orders.csv", 4, Finding.TEXT_MISSING)]


def test_one_resident_under_two_names_is_pointed_out_once() -> None:
    bundle = BundleText().cell("orders.csv", 5, "resident_name", "陈晓满").understood()

    assert told(bundle) == [("orders.csv", 5, Finding.RESIDENT_DETAILS_DIFFER)]


def test_receipts_are_taken_as_accepted_and_put_right() -> None:
    text = BundleText().cell("receipts.csv", 3, "arrived_qty", "9")
    text.cell("receipts.csv", 2, "accepted_qty", "-6").add("receipts.csv", "S1,K2,1,0,1")
    text.add("receipts.csv", "S1,K9,1,0,1")

    bundle = text.understood()

    assert [(r.sku_code, r.arrived_qty, r.accepted_qty) for r in bundle.receipts] == [
        ("K2", 3, 2),
        ("K3", 1, 1),
    ]
    assert told(bundle) == [
        ("receipts.csv", 2, Finding.NUMBER_UNUSABLE),
        ("receipts.csv", 3, Finding.RECEIPT_SUM_DIFFERS),
        ("receipts.csv", 5, Finding.RECEIPT_REPEATED),
        ("receipts.csv", 6, Finding.SKU_UNKNOWN),
        ("receipts.csv", None, Finding.RECEIPT_MISSING),
    ]


def test_a_vehicle_whose_shift_runs_backwards_is_refused() -> None:
    bundle = BundleText().cell("vehicles.csv", 2, "shift_end", "05:00").understood()

    assert bundle.vehicles == ()
    assert told(bundle) == [("vehicles.csv", 2, Finding.SHIFT_UNUSABLE)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", ""),
        ("code", "C" * 21),
        ("code", "\ud800"),
        ("timezone", "Moon/Base"),
        ("timezone", "../../etc/passwd"),
        ("opens_at", "07:00"),
        ("opens_at", None),
        ("delivery_date", "tomorrow"),
    ],
)
def test_a_campaign_that_is_not_understood_stops_the_import(name: str, value: object) -> None:
    text = BundleText()
    text.campaign[name] = value

    stopped = understand(text.raw())

    assert isinstance(stopped, StoppedBundle)
    (reason,) = stopped.reasons
    assert (reason.file, reason.finding) == ("campaign.json", Finding.CAMPAIGN_FIELD_UNUSABLE)
    assert reason.params["column"] == name
    assert reason.severity is Severity.FATAL


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        pytest.param("opens_at", "2026-05-03 07:00:00+08:00", id="closes_before_it_opens"),
        pytest.param("payments_close_at", "2026-05-01 22:57:00+08:00", id="nobody_can_pay"),
        pytest.param("payments_close_at", "2026-05-01 22:59:59+08:00", id="too_little_time_to_pay"),
    ],
)
def test_a_campaign_with_impossible_clocks_stops_the_import(name: str, clock: str) -> None:
    text = BundleText()
    text.campaign[name] = clock

    stopped = understand(text.raw())

    assert isinstance(stopped, StoppedBundle)
    assert [reason.finding for reason in stopped.reasons] == [Finding.CAMPAIGN_CLOCKS_OUT_OF_ORDER]


def test_two_minutes_to_pay_are_enough() -> None:
    text = BundleText()
    text.campaign["payments_close_at"] = "2026-05-01 23:00:00+08:00"

    campaign = text.understood().campaign

    assert campaign.timeline.freeze_at == datetime(2026, 5, 1, 15, 0, tzinfo=UTC)


def test_a_day_without_a_usable_warehouse_stops_the_import() -> None:
    stopped = understand(BundleText().cell("warehouses.csv", 2, "lat", "91").raw())

    assert isinstance(stopped, StoppedBundle)
    assert [reason.finding for reason in stopped.reasons] == [
        Finding.COORDINATES_OUTSIDE_CHINA,
        Finding.WAREHOUSE_MISSING,
    ]
