"""Opening papers: who may, and nothing but papers."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import Client
from pytest_django import Settings
from reportlab.pdfgen.canvas import Canvas

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper, PaperOpening
from fulfillment.models.warehouse import Drop
from leaders.models.accounts import Role, User
from tests.factories.fulfillment import CutoffRunFactory, PaperFactory
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.plans import planned_day
from tests.fulfillment.papers.reading import page_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> CutoffRun:
    """A planned day of campaign C1 with an empty folder for its papers."""
    settings.PAPERS_ROOT = tmp_path
    (tmp_path / "C1").mkdir()
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
    planned_day(run)
    return run


def printed(run: CutoffRun, document: Document, scope: str, tmp_path: Path) -> Paper:
    paper: Paper = PaperFactory.create(run=run, document=document, scope=scope)
    (tmp_path / "C1" / paper.file).write_bytes(page_saying(f"{document.value} {scope}"))
    return paper


def page_saying(text: str) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def as_role(client: Client, role: Role) -> Client:
    client.force_login(UserFactory.create(role=role))
    return client


def as_user(client: Client, user: User | None) -> Client:
    assert user is not None
    client.force_login(user)
    return client


def body_of(answer: object) -> bytes:
    assert isinstance(answer, FileResponse | StreamingHttpResponse)
    return answer.getvalue()


def test_a_paper_opens_in_the_browser(client: Client, run: CutoffRun, tmp_path: Path) -> None:
    paper = printed(run, Document.MASTER_LIST, "C1-A", tmp_path)

    answer = as_role(client, Role.WAREHOUSE).get(f"/papers/{paper.pk}.pdf")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{paper.file}"'
    assert body_of(answer) == page_saying("master_list C1-A")


def test_it_can_be_saved(client: Client, run: CutoffRun, tmp_path: Path) -> None:
    paper = printed(run, Document.MASTER_LIST, "C1-A", tmp_path)

    answer = as_role(client, Role.WAREHOUSE).get(f"/papers/{paper.pk}.pdf?save")

    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.BUYER, 200),
        (Role.WAREHOUSE, 404),
        (Role.DISPATCHER, 404),
        (Role.LEADER, 404),
    ],
)
def test_prices_are_for_buyers(
    client: Client, run: CutoffRun, tmp_path: Path, role: Role, status: int
) -> None:
    paper = printed(run, Document.PURCHASE_ORDER, "S01", tmp_path)

    assert as_role(client, role).get(f"/papers/{paper.pk}.pdf").status_code == status


def test_leaders_open_their_own_list_and_nobody_elses(
    client: Client, run: CutoffRun, tmp_path: Path
) -> None:
    own = Drop.objects.get(slot_code="1-01").pickup_point.leader
    paper = printed(run, Document.HAND_OUT_LIST, own.code, tmp_path)
    address = f"/papers/{paper.pk}.pdf"

    assert as_user(client, own.user).get(address).status_code == 200
    assert as_user(client, LeaderFactory.create().user).get(address).status_code == 404


def test_strangers_log_in_first(client: Client, run: CutoffRun, tmp_path: Path) -> None:
    paper = printed(run, Document.MASTER_LIST, "C1-A", tmp_path)

    answer = client.get(f"/papers/{paper.pk}.pdf")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_a_file_that_is_gone_is_not_found(client: Client, run: CutoffRun) -> None:
    paper = PaperFactory.create(run=run, document=Document.MASTER_LIST, file="gone.pdf")

    assert as_role(client, Role.WAREHOUSE).get(f"/papers/{paper.pk}.pdf").status_code == 404


def test_a_row_that_points_elsewhere_opens_nothing(
    client: Client, run: CutoffRun, tmp_path: Path
) -> None:
    (tmp_path / "secret.pdf").write_bytes(page_saying("secret"))
    paper = PaperFactory.create(run=run, document=Document.MASTER_LIST, file="../secret.pdf")

    assert as_role(client, Role.WAREHOUSE).get(f"/papers/{paper.pk}.pdf").status_code == 404


def names_in(answer: object) -> list[str]:
    with zipfile.ZipFile(BytesIO(body_of(answer))) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_a_pack_is_one_pdf_per_route(client: Client, run: CutoffRun, tmp_path: Path) -> None:
    for route in ("R01", "R02"):
        printed(run, Document.LOAD_SHEET, route, tmp_path)
        printed(run, Document.ROUTE_SHEET, route, tmp_path)

    answer = as_role(client, Role.DISPATCHER).get("/papers/pack/C1/route.zip")

    assert names_in(answer) == ["R01.pdf", "R02.pdf"]
    assert answer["Content-Disposition"] == 'attachment; filename="c1-route.zip"'


def test_the_papers_of_one_route_are_one_pdf_in_the_order_of_use(
    client: Client, run: CutoffRun, tmp_path: Path
) -> None:
    for document in (Document.LOAD_SHEET, Document.ROUTE_SHEET):
        printed(run, document, "R01", tmp_path)
    as_role(client, Role.DISPATCHER)

    dock = client.get("/papers/pack/C1/route/R01.pdf")
    driver = client.get("/papers/pack/C1/route/R01.pdf?order=stops")

    assert dock["Content-Disposition"] == 'inline; filename="c1-route-r01.pdf"'
    assert page_texts(body_of(dock)) == ["load_sheet R01\n", "route_sheet R01\n"]
    assert page_texts(body_of(driver)) == ["route_sheet R01\n", "load_sheet R01\n"]


def test_whoever_takes_papers_away_is_written_down(
    client: Client, run: CutoffRun, tmp_path: Path
) -> None:
    sheets = [printed(run, Document.LOAD_SHEET, route, tmp_path) for route in ("R01", "R02")]
    as_role(client, Role.DISPATCHER)

    client.get(f"/papers/{sheets[0].pk}.pdf")
    assert list(PaperOpening.objects.values_list("paper", flat=True)) == [sheets[0].pk]

    client.get("/papers/pack/C1/route/R02.pdf")
    client.get("/papers/pack/C1/route.zip")
    taken = PaperOpening.objects.order_by("pk").values_list("paper", "opened_by__role")
    assert list(taken) == [(sheet.pk, "dispatcher") for sheet in (*sheets, *sheets)]


def test_nobody_is_written_down_for_a_paper_that_did_not_open(
    client: Client, run: CutoffRun
) -> None:
    PaperFactory.create(run=run, document=Document.LOAD_SHEET, scope="R01", file="gone.pdf")
    as_role(client, Role.DISPATCHER)

    client.get("/papers/pack/C1/route.zip")

    assert not PaperOpening.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/papers/pack/C1/supervisor.zip",
        "/papers/pack/C1/secrets.zip",
        "/papers/pack/C2/route.zip",
        "/papers/pack/C1/route/R99.pdf",
    ],
)
def test_packs_that_are_not_there_are_not_found(
    client: Client, run: CutoffRun, tmp_path: Path, address: str
) -> None:
    printed(run, Document.LOAD_SHEET, "R01", tmp_path)

    assert as_role(client, Role.DISPATCHER).get(address).status_code == 404


def test_a_pack_with_a_missing_file_is_refused_before_it_starts(
    client: Client, run: CutoffRun, tmp_path: Path
) -> None:
    printed(run, Document.LOAD_SHEET, "R01", tmp_path)
    PaperFactory.create(run=run, document=Document.LOAD_SHEET, scope="R02", file="gone.pdf")

    answer = as_role(client, Role.DISPATCHER).get("/papers/pack/C1/route.zip")

    assert answer.status_code == 404
