"""A tiny day bundle that tests bend: two leaders, three articles, three orders."""

import csv
import io
import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from fulfillment.domain.bundle import BundleLine, DayBundle, Finding, ImportWarning
from fulfillment.domain.bundle_format import COLUMNS, RawBundle, Sheet, SheetRow
from fulfillment.domain.bundle_understanding import understand

REAL_DAYS = Path(__file__).resolve().parents[2] / "shared" / "data"

CAMPAIGN: dict[str, object] = {
    "code": "C1",
    "city": "云湖",
    "timezone": "Asia/Shanghai",
    "opens_at": "2026-05-01 07:00:00+08:00",
    "orders_close_at": "2026-05-01 22:58:00+08:00",
    "payments_close_at": "2026-05-01 23:01:00+08:00",
    "delivery_date": "2026-05-02",
}

MAY_1 = "2026-05-01"
CHEN = "陈小满,19900000011,1栋,101"
ZHOU = "周平,19900000012,2栋,202"

TABLES: dict[str, list[str]] = {
    "warehouses.csv": ["W1,云湖中心仓,仓储路 1 号,113.70,34.70,WGS-84"],
    "leaders.csv": [
        "L1,林巧云,19900000001,桂花里自提点,桂花路 8 号,城东,113.72,34.71,GCJ-02,06:00,12:00,4,900",
        "L2,何立,19900000002,荷塘里自提点,荷塘路 3 号,城西,113.66,34.69,WGS-84,07:00,15:00,5,",
    ],
    "suppliers.csv": ["S1,云湖蔬菜行,马师傅,19900000003,0,02:00"],
    "skus.csv": [
        "K1,娃娃菜 500g,叶菜,份,standard,6,500,1300,ambient,159,114,S1,,20,0",
        "K2,鲜牛奶 950ml,乳品,盒,standard,12,1000,1100,chill,1290,990,S1,3,2,0",
        "K3,鲈鱼 600g,水产,条,catch_weight,5,600,900,chill,1990,1500,S1,,,5",
    ],
    "vehicles.csv": ["V1,云A·T0001,van,1000,90,14000,130,3000,05:30,12:30,1"],
    "orders.csv": [
        f"O1,L1,R1,{CHEN},{MAY_1} 08:00:00+08:00,{MAY_1} 08:01:00+08:00,K1,2,159",
        f"O1,L1,R1,{CHEN},{MAY_1} 08:00:00+08:00,{MAY_1} 08:01:00+08:00,K2,1,1290",
        f"O2,L2,R2,{ZHOU},{MAY_1} 09:00:00+08:00,{MAY_1} 09:01:00+08:00,K2,2,1290",
        f"O3,L1,R1,{CHEN},{MAY_1} 20:00:00+08:00,{MAY_1} 20:01:00+08:00,K3,1,1990",
    ],
    "receipts.csv": ["S1,K1,6,0,6", "S1,K2,3,1,2", "S1,K3,1,0,1"],
}


@dataclass(slots=True)
class BundleText:
    """The text of a bundle; tests change rows and cells, then read or write it."""

    campaign: dict[str, object] = field(default_factory=lambda: dict(CAMPAIGN))
    tables: dict[str, list[str]] = field(default_factory=lambda: deepcopy(TABLES))

    def cell(self, file: str, row: int, column: str, value: str) -> "BundleText":
        """Set one cell; `row` counts as a spreadsheet does, the header being row 1."""
        cells = next(csv.reader([self.tables[file][row - 2]]))
        cells[COLUMNS[file].index(column)] = value
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow(cells)
        self.tables[file][row - 2] = buffer.getvalue()
        return self

    def add(self, file: str, line: str) -> "BundleText":
        """Append one row."""
        self.tables[file].append(line)
        return self

    def raw(self) -> RawBundle:
        """The bundle as the reader of files would give it."""
        return RawBundle(
            sha256="0" * 64,
            campaign=self.campaign,
            sheets={
                file: Sheet(
                    file,
                    [
                        SheetRow(number, dict(zip(columns, cells, strict=True)))
                        for number, cells in enumerate(csv.reader(self.tables[file]), start=2)
                    ],
                )
                for file, columns in COLUMNS.items()
            },
        )

    def understood(self) -> DayBundle:
        """The day, which must not be stopped."""
        bundle = understand(self.raw())
        assert isinstance(bundle, DayBundle)
        return bundle

    def write(self, directory: Path) -> Path:
        """Write the files and give the directory back."""
        directory.mkdir(exist_ok=True)
        (directory / "campaign.json").write_text(
            json.dumps(self.campaign, ensure_ascii=False), encoding="utf-8"
        )
        for file, columns in COLUMNS.items():
            text = "\n".join([",".join(columns), *self.tables[file], ""])
            (directory / file).write_text(text, encoding="utf-8")
        return directory


def lines_of(bundle: DayBundle) -> list[BundleLine]:
    """Every line of every order, in the order of the file."""
    return [line for order in bundle.orders for line in order.lines]


def told(bundle: DayBundle) -> list[tuple[str, int | None, Finding]]:
    """Every warning as (file, row, finding)."""
    return [(warning.file, warning.row, warning.finding) for warning in bundle.warnings]


def only_warning(bundle: DayBundle) -> ImportWarning:
    """The one warning of a bundle."""
    (warning,) = bundle.warnings
    return warning
