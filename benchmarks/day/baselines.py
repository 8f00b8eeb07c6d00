"""Two small jobs that tell how fast this machine is today."""

from io import BytesIO
from pathlib import Path
from time import perf_counter

import psycopg
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from config.embedded.places import server_root
from config.embedded.postgres import PostgresServer

LINES_PER_PAGE = 30
TEXT = "青菜 500克 核对数量 2026-03-10 应发 12 实发 12"


def copy_seconds(orders_csv: Path) -> float:
    """Seconds of a plain COPY of the day's order lines into an empty table."""
    server = PostgresServer(server_root("benchmark-postgres"), throwaway=True)
    server.join()
    try:
        server.ensure_database("baseline")
        with psycopg.connect(server.url("baseline"), autocommit=True) as connection:
            columns = orders_csv.open(encoding="utf-8").readline().strip().split(",")
            body = ", ".join(f"{column} text" for column in columns)
            connection.execute("DROP TABLE IF EXISTS baseline")
            connection.execute(f"CREATE TABLE baseline ({body})")
            started = perf_counter()
            with (
                connection.cursor() as cursor,
                cursor.copy("COPY baseline FROM STDIN WITH (FORMAT csv, HEADER)") as copy,
            ):
                copy.write(orders_csv.read_bytes())
            return perf_counter() - started
    finally:
        server.leave()


def plain_pages_seconds(pages: int, font: Path) -> float:
    """Seconds that `pages` pages of unadorned text take in one process."""
    pdfmetrics.registerFont(TTFont("plain", str(font)))
    canvas = Canvas(BytesIO(), pagesize=A4)
    started = perf_counter()
    for _page in range(pages):
        canvas.setFont("plain", 11)
        for line in range(LINES_PER_PAGE):
            canvas.drawString(40, 800 - 25 * line, TEXT)
        canvas.showPage()
    canvas.save()
    return perf_counter() - started
