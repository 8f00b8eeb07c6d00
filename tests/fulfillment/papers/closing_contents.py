"""Small contents of the papers that end a day."""

from dataclasses import replace
from datetime import date
from typing import Any

from fulfillment.domain.exceptions import Bearer, Cause, Stage
from fulfillment.papers.day_close_sheet import CloseFigures, CloseRow, DayCloseContent, GapRow
from fulfillment.papers.exception_sheet import ExceptionRow, ExceptionSheetContent, ReturnRow
from tests.fulfillment.papers.contents import STAMP

DAY = date(2026, 3, 10)


def exception_row(case_no: int = 17, **changes: Any) -> ExceptionRow:
    """Two rotten boxes found in sorting, not decided yet."""
    row = ExceptionRow(
        case_no=case_no,
        stage=Stage.SORT,
        cause=Cause.QUALITY,
        found_at="02:41",
        slot="3-07",
        sku_code="K023",
        name="奶白菜 750g",
        note="",
        qty=2,
        weight_g=1500,
        has_photo=True,
        proposed=Bearer.WAREHOUSE,
        bearer=None,
        decision="",
    )
    return replace(row, **changes)


def exception_sheet(*rows: ExceptionRow, **changes: Any) -> ExceptionSheetContent:
    """The exceptions of one day with one route back and one still out."""
    content = ExceptionSheetContent(
        stamp=STAMP,
        wave="0310A",
        warehouse="郑州中心仓",
        delivery_on=DAY,
        rows=rows or (exception_row(),),
        returns=(
            ReturnRow(
                route="R01",
                vehicle="V01 豫A·T0001",
                totes_out=41,
                totes_delivered=40,
                empties_back=36,
                goods_back=3,
            ),
            ReturnRow(
                route="R02",
                vehicle="V02 豫A·T0002",
                totes_out=38,
                totes_delivered=None,
                empties_back=None,
                goods_back=0,
            ),
        ),
    )
    return replace(content, **changes)


def close_figures(**changes: Any) -> CloseFigures:
    """Twelve sold, fifteen bought, all counted to the end."""
    figures = CloseFigures(
        need=12,
        ordered=15,
        accepted=15,
        used=0,
        lost=0,
        spare=3,
        allocated=12,
        sorted=12,
        loaded=12,
        delivered=12,
        refunded=0,
        claimed=0,
    )
    return replace(figures, **changes)


def close_row(key: str = "K023", **changes: Any) -> CloseRow:
    """One SKU whose figures fit."""
    row = CloseRow(key=key, name="奶白菜 750g", figures=close_figures(), open_qty=0)
    return replace(row, **changes)


def day_close(*skus: CloseRow, **changes: Any) -> DayCloseContent:
    """A closed day of one SKU on one route."""
    route = CloseRow(
        key="R01",
        name="7",
        figures=close_figures(ordered=None, accepted=None, spare=None),
        open_qty=0,
    )
    content = DayCloseContent(
        stamp=STAMP,
        wave="0310A",
        warehouse="郑州中心仓",
        delivery_on=DAY,
        closed="2026-03-10 20:15 by 周主管",
        undecided=0,
        total=close_figures(),
        skus=skus or (close_row(),),
        routes=(route,),
        gaps=(),
        missing=(),
        declared=(),
    )
    return replace(content, **changes)


def gap_row(**changes: Any) -> GapRow:
    """Two pieces missing at the load, both of one case."""
    row = GapRow(
        where="sorted → loaded · K023 奶白菜 750g · 3-07",
        missing=2,
        explained=2,
        cases="#17 Loading S 2 (Warehouse)",
    )
    return replace(row, **changes)
