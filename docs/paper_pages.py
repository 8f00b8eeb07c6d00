"""The first pages of a played day's papers and labels, as a printer would draw them.

A program of its own: `docs.paper_pictures` runs it on a database with a day.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pypdfium2
from django.conf import settings
from PIL import Image, ImageOps

from docs.pictures import picture_write
from fulfillment.domain.label_codes import Labelled
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.models.warehouse import Drop, Tote, Warehouse
from fulfillment.models.weighing import Scale
from fulfillment.papers.labels.sizes import Printing, medium_named
from fulfillment.selectors.labels.choice import LabelChoice
from fulfillment.services.labels import labels_print
from fulfillment.services.paper_files import paper_folder
from fulfillment.services.papers import papers_refresh
from fulfillment.services.totes import drop_seal
from fulfillment.services.weighing import Weighing, portion_weigh
from leaders.models.accounts import Role, User
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind

PAPER_DPI = 110
LABEL_DPI = 300
MAX_BYTES = 260_000
EDGE_PX = 2
EDGE = (150, 156, 152)
# Made by hand of the day: the same picture is the same event.
EVENTS = UUID("7b0c1f5e-2f6e-4d2b-9a44-0d6a8f2b6c11")
TARE_G = 20
# The size each kind of label is made for.
MEDIUM_OF = {
    Labelled.TOTE: "80x60",
    Labelled.PORTION: "60x40",
    Labelled.PALLET: "100x100",
    Labelled.HOUSEHOLD: "80x60",
    Labelled.ITEM: "60x40",
}


def take() -> None:
    """Print everything and picture it; arguments: the pictures' folder, one for papers."""
    folder, papers = Path(sys.argv[1]), Path(sys.argv[2])
    settings.PAPERS_ROOT = papers
    settings.LANGUAGE_CODE = "zh-hans"
    run = CutoffRun.objects.select_related("campaign").get()
    now = run.campaign.freeze_at + timedelta(hours=5)
    chief = _supervisor()
    _seal(run, chief, now)
    _weigh(run, chief, now)
    papers_refresh(run=run, documents=set(Document), actor=chief, now=now)
    taken = {}
    for name, picture in (*_papers(run), *_labels(run)):
        taken[name] = picture_write(picture, folder / f"{name}.png", MAX_BYTES)
    sys.stdout.write(json.dumps(taken))


def _supervisor() -> User:
    user, _created = User.objects.get_or_create(
        username="zhao", defaults={"role": Role.WAREHOUSE, "first_name": "赵主管"}
    )
    return user


def _seal(run: CutoffRun, chief: User, now: datetime) -> None:
    """Seal the drops of the first route with the totes that were planned."""
    for drop in Drop.objects.filter(wave__run=run, stops__trip__route_no=1):
        totes = Tote.objects.filter(drop=drop)
        drop_seal(
            drop_id=drop.pk,
            totes={storage: totes.filter(storage=storage).count() for storage in StorageClass},
            event_key=uuid5(EVENTS, f"seal {drop.slot_code}"),
            actor=chief,
            now=now,
        )


def _weigh(run: CutoffRun, chief: User, now: datetime) -> None:
    """Put the first portion of a line that is sold by weight on a scale, a little light."""
    scale, _created = Scale.objects.get_or_create(
        code="C1",
        warehouse=Warehouse.objects.get(),
        certificate_no="2026-0311",
        verified_until=now.date() + timedelta(days=200),
    )
    lines = Allocation.objects.filter(
        run=run, allocated_qty__gt=1, order_line__sku__kind=SkuKind.CATCH_WEIGHT
    )
    line = lines.select_related("order_line__sku").order_by("pk").first()
    if line is not None:
        portion_weigh(
            weighing=Weighing(
                event_id=uuid5(EVENTS, "portion"),
                allocation_id=line.pk,
                portion_no=1,
                gross_g=line.order_line.sku.weight_g * 98 // 100 + TARE_G,
                tare_g=TARE_G,
                scale_id=scale.pk,
            ),
            actor=chief,
            now=now,
        )


def _papers(run: CutoffRun) -> Iterator[tuple[str, Image.Image]]:
    """The first page of the fullest paper of each kind."""
    folder = paper_folder(run.campaign.code)
    for document in Document:
        papers = Paper.objects.filter(run=run, document=document)
        paper = papers.order_by("-lines", "scope").first()
        if paper is not None:
            yield str(document), _page((folder / paper.file).read_bytes(), PAPER_DPI)


def _labels(run: CutoffRun) -> Iterator[tuple[str, Image.Image]]:
    for kind, medium in MEDIUM_OF.items():
        choice = LabelChoice(kind=kind, route_no=1 if kind is not Labelled.PALLET else None)
        printing = Printing(medium=medium_named(medium))
        labels = labels_print(run=run, choice=choice, printing=printing)
        if labels is None:
            labels = labels_print(run=run, choice=LabelChoice(kind=kind), printing=printing)
        if labels is not None:
            yield f"label_{kind.name.lower()}", _page(labels.pdf, LABEL_DPI)


def _page(pdf: bytes, dpi: int) -> Image.Image:
    """The first page with a thin edge around it."""
    document = pypdfium2.PdfDocument(pdf)
    page: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    return ImageOps.expand(page, EDGE_PX, EDGE)
