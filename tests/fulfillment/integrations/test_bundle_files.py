import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.bundle_format import COLUMNS
from fulfillment.domain.bundle_understanding import understand
from fulfillment.errors import BundleUnreadable
from fulfillment.integrations.bundle_files import bundle_read, bundle_write
from tests.bundles import REAL_DAYS, BundleText, lines_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals in the words of the source, here and nowhere else."""
    with translation.override("en"):
        yield


def outcome_of(directory: Path) -> object:
    """Which file was refused, or that the day was understood."""
    try:
        understand(bundle_read(directory))
    except BundleUnreadable as refusal:
        return refusal.details["file"]
    return "understood"


def reencode(path: Path, encoding: str) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


def test_a_bundle_is_read_as_text_with_spreadsheet_row_numbers(tmp_path: Path) -> None:
    raw = bundle_read(BundleText().write(tmp_path))

    assert raw.campaign["code"] == "C1"
    assert [row.number for row in raw.sheets["orders.csv"].rows] == [2, 3, 4, 5]
    assert raw.sheets["orders.csv"].rows[0].cells["qty"] == "2"
    assert raw.sheets["leaders.csv"].rows[1].cells["households"] == ""
    assert isinstance(understand(raw), DayBundle)


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    one = bundle_read(BundleText().write(tmp_path / "a"))
    same = bundle_read(BundleText().write(tmp_path / "b"))
    other = bundle_read(BundleText().cell("orders.csv", 2, "qty", "3").write(tmp_path / "c"))

    assert one.sha256 == same.sha256
    assert one.sha256 != other.sha256


def test_a_byte_order_mark_windows_lines_and_blank_rows_are_no_obstacle(tmp_path: Path) -> None:
    directory = BundleText().write(tmp_path)
    path = directory / "orders.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines.insert(2, "")
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())

    rows = bundle_read(directory).sheets["orders.csv"].rows

    assert [row.number for row in rows] == [2, 4, 5, 6]
    assert rows[0].cells["order_no"] == "O1"
    assert rows[0].cells["unit_price_fen"] == "159"


def test_words_that_mean_nothing_to_pandas_stay_words(tmp_path: Path) -> None:
    text = BundleText().cell("orders.csv", 2, "resident_name", "NULL")
    text.cell("orders.csv", 3, "resident_name", "nan").cell("orders.csv", 4, "room", "0101")

    rows = bundle_read(text.write(tmp_path)).sheets["orders.csv"].rows

    assert [row.cells["resident_name"] for row in rows[:2]] == ["NULL", "nan"]
    assert rows[2].cells["room"] == "0101"


def test_columns_are_found_by_name_and_others_are_ignored(tmp_path: Path) -> None:
    directory = BundleText().write(tmp_path)
    (directory / "receipts.csv").write_text(
        "remark,accepted_qty,sku_code,supplier_code,rejected_qty,arrived_qty\nok,6,K1,S1,0,6\n",
        encoding="utf-8",
    )

    (row,) = bundle_read(directory).sheets["receipts.csv"].rows

    assert row.cells == {
        "supplier_code": "S1",
        "sku_code": "K1",
        "arrived_qty": "6",
        "rejected_qty": "0",
        "accepted_qty": "6",
    }


def test_a_row_with_too_many_cells_is_marked_and_not_shifted(tmp_path: Path) -> None:
    text = BundleText().add("receipts.csv", "S1,K9,1,0,1,,,").add("receipts.csv", "S1,K8,1,0,1,7")

    rows = bundle_read(text.write(tmp_path)).sheets["receipts.csv"].rows

    assert [row.surplus for row in rows] == [False, False, False, False, True]
    assert rows[3].cells["supplier_code"] == "S1"


def test_a_gbk_file_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    directory = BundleText().write(tmp_path)
    reencode(directory / "orders.csv", "gbk")

    with pytest.raises(BundleUnreadable) as refusal:
        bundle_read(directory)

    assert refusal.value.details == {
        "file": "orders.csv",
        "reason": "encoding",
        "encoding": "GBK",
        "line": 2,
    }
    assert "CSV UTF-8" in refusal.value.message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("code,name".encode("utf-16"), "encoding"),
        (b"PK\x03\x04\x14\x00\xff\xfe", "not_csv"),
        (b"code,\xff\xff\x81", "encoding"),
        (b"", "missing_column"),
        (b"code,name,address,lng,lat\n", "missing_column"),
        (b"code,name,address,lng,lat,coord_system,code\n", "repeated_column"),
        (b'code,name,address,lng,lat,coord_system\nW1,"a,b,1,2,WGS-84\n', "broken_quotes"),
        (b"code,name,address,lng,lat,coord_system\n" + b"," * 500 + b"\n", "broken_rows"),
        (
            b"code,name,address,lng,lat,coord_system\n"
            b'W1,"a,b,1,2,WGS-84\nW2,c,d,1,2,WGS-84\nW3,e",f,1,2,WGS-84\n',
            "broken_quotes",
        ),
    ],
)
def test_a_file_that_is_not_such_a_table_is_refused_whole(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    directory = BundleText().write(tmp_path)
    (directory / "warehouses.csv").write_bytes(content)

    with pytest.raises(BundleUnreadable) as refusal:
        bundle_read(directory)

    assert refusal.value.details["reason"] == reason
    assert refusal.value.details["file"] == "warehouses.csv"
    assert "warehouses.csv" in refusal.value.message


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    directory = BundleText().write(tmp_path)
    path = directory / "orders.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("qty", "数量", 1), encoding="utf-8")

    with pytest.raises(BundleUnreadable, match=r"orders\.csv lacks the column\(s\) qty"):
        bundle_read(directory)


@pytest.mark.parametrize("file", ["campaign.json", "orders.csv", "receipts.csv"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    directory = BundleText().write(tmp_path)
    (directory / file).unlink()

    with pytest.raises(BundleUnreadable, match=f"^{file} is missing"):
        bundle_read(directory)


@pytest.mark.parametrize("content", ["{", "[]", "[" * 100_000, '"C1"', ""])
def test_a_campaign_that_is_no_json_object_is_refused(tmp_path: Path, content: str) -> None:
    directory = BundleText().write(tmp_path)
    (directory / "campaign.json").write_text(content, encoding="utf-8")

    with pytest.raises(BundleUnreadable) as refusal:
        bundle_read(directory)

    assert refusal.value.details["reason"] == "not_json"


def test_a_path_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleUnreadable, match="not a directory"):
        bundle_read(tmp_path / "nowhere")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    first = bundle_read(BundleText().write(tmp_path / "a"))

    bundle_write(
        tmp_path / "b",
        campaign={name: str(value) for name, value in first.campaign.items()},
        tables={
            file: [list(row.cells.values()) for row in sheet.rows]
            for file, sheet in first.sheets.items()
        },
    )

    again = bundle_read(tmp_path / "b")
    assert again.campaign == first.campaign
    assert again.sheets == first.sheets
    assert not list((tmp_path / "b").glob(".*"))


@pytest.mark.skipif(not REAL_DAYS.is_dir(), reason="the real days are not on this machine")
@pytest.mark.parametrize(
    ("day", "orders", "lines", "pieces"),
    [("day_small", 311, 2_280, 4_628), ("day_zhengzhou", 5_390, 41_072, 74_550)],
)
def test_a_real_day_is_understood_to_the_last_line(
    day: str, orders: int, lines: int, pieces: int
) -> None:
    started = time.perf_counter()

    bundle = understand(bundle_read(REAL_DAYS / day))

    assert isinstance(bundle, DayBundle)
    quantities = [line.qty for line in lines_of(bundle)]
    assert (len(bundle.orders), len(quantities), sum(quantities)) == (orders, lines, pieces)
    assert {warning.severity for warning in bundle.warnings} == {"warning"}
    assert time.perf_counter() - started < 10


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["campaign.json", *COLUMNS]),
    st.integers(min_value=0, max_value=400),
    st.binary(max_size=30),
)
def test_a_torn_file_is_read_or_refused_but_never_breaks_the_reader(
    tmp_path: Path, file: str, position: int, tear: bytes
) -> None:
    path = BundleText().write(tmp_path) / file
    content = path.read_bytes()
    path.write_bytes(content[:position] + tear + content[position + len(tear) :])

    assert outcome_of(tmp_path) in (file, "understood")
