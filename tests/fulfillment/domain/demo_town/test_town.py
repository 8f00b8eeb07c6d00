from collections import Counter
from datetime import date

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.bundle_format import COLUMNS, RawBundle, Sheet, SheetRow
from fulfillment.domain.bundle_understanding import understand
from fulfillment.domain.demo_town.names import SUPPLIERS
from fulfillment.domain.demo_town.town import SHELVES, TownFiles, build_town
from tests.bundles import lines_of

# Price less commission of 10 % and refunds of 2 % must still cover the cost.
KEPT_PERCENT = 88


def understood(town: TownFiles) -> DayBundle:
    bundle = understand(
        RawBundle(
            sha256="0" * 64,
            campaign=town.campaign,
            sheets={
                file: Sheet(
                    file,
                    [
                        SheetRow(number, dict(zip(columns, row, strict=True)))
                        for number, row in enumerate(town.tables[file], start=2)
                    ],
                )
                for file, columns in COLUMNS.items()
            },
        )
    )
    assert isinstance(bundle, DayBundle)
    return bundle


def test_the_town_is_imported_without_a_single_warning() -> None:
    bundle = understood(build_town())

    assert bundle.warnings == ()
    assert len(bundle.leaders) >= 60
    assert len(bundle.skus) >= 120
    assert len(bundle.orders) >= 1_500
    assert len(bundle.suppliers) >= 18
    assert len(bundle.vehicles) == 18


def test_the_same_seed_builds_the_same_town() -> None:
    assert build_town(7) == build_town(7)


def test_another_seed_builds_another_town_that_is_as_clean() -> None:
    town = build_town(8)

    assert town.tables["leaders.csv"] != build_town(7).tables["leaders.csv"]
    assert town.tables["vehicles.csv"] == build_town(7).tables["vehicles.csv"]
    assert understood(town).warnings == ()


def test_the_sales_day_can_be_chosen() -> None:
    bundle = understood(build_town(7, date(2027, 2, 28)))

    assert bundle.campaign.code == "QH20270228"
    assert bundle.campaign.delivery_date == date(2027, 3, 1)
    assert {order.placed_at.date() for order in bundle.orders} == {date(2027, 2, 28)}


def test_every_coordinate_system_is_met() -> None:
    rows = build_town().tables["leaders.csv"]
    column = COLUMNS["leaders.csv"].index("coord_system")

    assert {row[column] for row in rows} == {"WGS-84", "GCJ-02", "BD-09"}


def test_all_points_lie_within_a_morning_of_the_warehouse() -> None:
    bundle = understood(build_town())
    depot = bundle.warehouses[0].place

    assert all(
        abs(leader.place.lng - depot.lng) < 0.2 and abs(leader.place.lat - depot.lat) < 0.2
        for leader in bundle.leaders
    )
    assert len({leader.place for leader in bundle.leaders}) == len(bundle.leaders)


def test_no_article_is_sold_below_what_it_costs_to_sell() -> None:
    goods = [good for shelf in SHELVES for good in shelf.goods]

    assert all(good.price_fen * KEPT_PERCENT >= good.cost_fen * 100 for good in goods)
    assert len({good.name for good in goods}) == len(goods)


def test_every_supplier_has_goods_and_all_goods_a_supplier() -> None:
    used = {code for shelf in SHELVES for code in shelf.supplier_codes}

    assert used == {code for code, *_ in SUPPLIERS}


def test_nobody_has_a_phone_number_that_rings() -> None:
    town = build_town()
    phones = {
        row[COLUMNS[file].index(column)]
        for file, column in (
            ("leaders.csv", "phone"),
            ("suppliers.csv", "phone"),
            ("orders.csv", "resident_phone"),
        )
        for row in town.tables[file]
    }

    assert all(len(phone) == 11 and phone.startswith("199000") for phone in phones)


def test_most_is_ordered_in_the_evening_and_some_goods_come_short() -> None:
    bundle = understood(build_town())
    evening = sum(order.placed_at.hour >= 18 for order in bundle.orders)
    need: Counter[str] = Counter()
    for line in lines_of(bundle):
        need[line.sku_code] += line.qty

    assert evening > len(bundle.orders) // 2
    assert {len(order.lines) for order in bundle.orders} == set(range(1, 13))
    short = [r for r in bundle.receipts if r.accepted_qty < need[r.sku_code]]
    assert 3 <= len(short) <= 10
