"""The proof of delivery: times of both clocks, people, goods, pictures, also of a failure."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pypdfium2
from PIL import Image

from fulfillment.papers.delivery_proof import (
    DeliveryProofContent,
    ProofEvent,
    ProofLine,
    ProofPart,
    ProofPicture,
    render_delivery_proof,
)
from tests.fulfillment.papers.contents import STAMP
from tests.fulfillment.papers.reading import rows

ARRIVED = datetime(2026, 3, 11, 5, 58, 12, tzinfo=UTC)
RED = (200, 20, 20)

PART = ProofPart(
    route="R01-1",
    stop_seq=1,
    plate="豫A·T0001",
    driver="李建国",
    ending="Delivered",
    agreement="Signed",
    method="Code from the leader's page",
    arrive_from=ARRIVED - timedelta(minutes=15),
    arrive_to=ARRIVED + timedelta(minutes=30),
    handed_at=ARRIVED + timedelta(minutes=5),
    confirmed_by="driver",
    totes_planned=3,
    totes_delivered=3,
    empties=2,
    note="门卫代收",
    events=(
        ProofEvent(
            what="Arrived",
            device_at=ARRIVED,
            server_at=ARRIVED + timedelta(minutes=41),
            by="李建国",
            place="113.70000, 34.75000",
        ),
    ),
)
CONTENT = DeliveryProofContent(
    stamp=STAMP,
    slot="1-01",
    delivery_on=date(2026, 3, 11),
    leader_name="林秀英",
    point_name="青石苑自提点",
    address="建设路 12 号",
    parts=(PART,),
    lines=(
        ProofLine(sku_code="K001", name="土豆 1kg", unit="份", sent=6, received=6),
        ProofLine(
            sku_code="K002",
            name="鸡蛋 30枚",
            unit="盒",
            sent=4,
            received=3,
            causes="Damaged 1",
            decision="Driver",
        ),
    ),
)


def picture(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (640, 480)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, format="JPEG")
    return written.getvalue()


def text(content: DeliveryProofContent) -> str:
    return "\n".join(rows(render_delivery_proof(content).pdf))


def test_it_says_who_when_how_and_how_many() -> None:
    found = text(CONTENT)

    assert "R01-1 豫A·T0001 李建国" in found
    assert "Delivered · Signed" in found
    assert "05:43–06:28" in found
    assert "03-11 06:03" in found
    assert "Code from the leader's page" in found
    assert "3 / 3" in found
    assert "门卫代收" in found
    assert "Confirmed by driver" in found


def test_the_phones_time_stands_beside_ours() -> None:
    assert "Arrived 03-11 05:58:12 03-11 06:39:12 李建国 113.70000, 34.75000" in text(CONTENT)


def test_differences_name_cause_and_bearer_and_the_sums() -> None:
    found = text(CONTENT)

    assert "K002 鸡蛋 30枚 盒 4 3 Damaged 1" in found
    assert "Driver" in found
    assert "Total 10 9 -1" in found


def test_pieces_are_those_that_arrived() -> None:
    paper = render_delivery_proof(CONTENT)

    assert (paper.pages, paper.lines, paper.pieces) == (1, 2, 9)


def test_a_failed_stop_has_a_proof_without_a_handover() -> None:
    failed = replace(
        PART,
        ending="Failed",
        agreement="",
        method="",
        handed_at=None,
        totes_delivered=0,
        empties=0,
        confirmed_by="",
        note="Nobody there",
    )

    found = text(replace(CONTENT, parts=(failed,), lines=()))

    assert "Failed" in found
    assert "Nobody there" in found
    assert "0 / 3" in found


def test_pictures_are_in_it_as_large_as_they_fit() -> None:
    proof = replace(CONTENT, pictures=(ProofPicture(data=picture(), caption="Photo 05:58"),))

    paper = render_delivery_proof(proof)

    document = pypdfium2.PdfDocument(paper.pdf)
    image = document[0].render(scale=1).to_pil().convert("RGB")
    seen = image.getcolors(maxcolors=2**24) or []
    area = sum(count for count, (red, green, _blue) in seen if red > 150 and green < 60)
    # 90 mm x 67.5 mm at 72 dots an inch.
    assert abs(area - 255 * 191) < 2_000
    assert "Photo 05:58" in text(proof)


def test_many_pictures_flow_over_pages() -> None:
    pictures = tuple(ProofPicture(data=picture(), caption=f"Photo {n}") for n in range(9))

    paper = render_delivery_proof(replace(CONTENT, pictures=pictures))

    assert paper.pages == 3
    assert "Photo 8" in "\n".join(rows(paper.pdf))


def test_a_drop_in_parts_shows_every_part() -> None:
    second = replace(PART, route="R02-4", plate="豫A·T0002", totes_planned=2)

    found = text(replace(CONTENT, parts=(PART, second)))

    assert "R01-1" in found
    assert "R02-4" in found


def test_the_same_content_gives_the_same_bytes() -> None:
    proof = replace(CONTENT, pictures=(ProofPicture(data=picture(), caption="x"),))

    assert render_delivery_proof(proof).pdf == render_delivery_proof(proof).pdf
