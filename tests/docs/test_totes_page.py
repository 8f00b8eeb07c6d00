"""docs/algorithms/totes.md against the code."""

from decimal import Decimal

from fulfillment.domain.totes import PointGoods, count_totes, totes_for
from orders.domain.storage import StorageClass
from tests.docs.pages import tables, text

PAGE = "algorithms/totes.md"


def test_every_load_of_the_page_takes_its_totes() -> None:
    rows = tables(PAGE)[0]

    assert len(rows) == 6
    for row in rows:
        volume_ml = int(Decimal(row["volume (l)"]) * 1_000)
        weight_g = int(Decimal(row["weight (kg)"]) * 1_000)
        assert str(totes_for(volume_ml=volume_ml, weight_g=0)) == row["by volume"]
        assert str(totes_for(volume_ml=0, weight_g=weight_g)) == row["by weight"]
        assert str(totes_for(volume_ml=volume_ml, weight_g=weight_g)) == row["totes"]


def test_the_example_point_has_the_totes_of_the_page() -> None:
    rows = tables(PAGE)[1]
    goods = [
        PointGoods(
            point_code=row["point"],
            storage=StorageClass(row["storage"]),
            qty=int(row["pieces"]),
            unit_weight_g=int(row["each (g)"]),
            unit_volume_ml=int(row["each (ml)"]),
        )
        for row in rows
    ]

    totes = count_totes(goods)["L01"]

    assert {row["storage"]: int(row["totes"]) for row in rows} == {
        "ambient": totes.ambient,
        "chill": totes.chill,
        "frozen": totes.frozen,
    }
    insulated = totes.chill + totes.frozen
    assert (
        f"L01 has {totes.ambient + insulated} totes, {insulated} of them insulated, "
        f"{totes.weight_g / 1_000} kg." in text(PAGE)
    )
