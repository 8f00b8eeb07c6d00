"""The print centre in a real browser."""

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from reportlab.pdfgen.canvas import Canvas

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.papers import Document, PaperSheet
from fulfillment.models.warehouse import Drop
from fulfillment.papers.numbering import Document as NumberedDocument
from fulfillment.papers.numbering import document_code
from leaders.models.accounts import Role, User
from tests.browser.workplaces import PHONE, overflow_px, workplace
from tests.factories.fulfillment import CutoffRunFactory, PaperFactory, StepRecordFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run(transactional_db: None, settings: Settings, tmp_path: Path) -> CutoffRun:
    """A planned day whose load sheets and leaders' papers lie in the folder."""
    settings.PAPERS_ROOT = tmp_path
    (tmp_path / "C1").mkdir()
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
    planned_day(run)
    scopes = [(Document.LOAD_SHEET, "R01"), (Document.MASTER_LIST, "C1-A")]
    for drop in Drop.objects.filter(wave__run=run).select_related("pickup_point__leader"):
        scopes += [
            (Document.DELIVERY_NOTE, drop.pickup_point.leader.code),
            (Document.HAND_OUT_LIST, drop.pickup_point.leader.code),
        ]
    for document, scope in scopes:
        paper = PaperFactory.create(run=run, document=document, scope=scope)
        canvas = Canvas(str(tmp_path / "C1" / paper.file))
        canvas.drawString(72, 720, paper.file)
        canvas.save()
    for position, step in enumerate(Step):
        StepRecordFactory.create(run=run, name=step, position=position)
    return run


@pytest.fixture
def keeper(transactional_db: None) -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


@pytest.mark.parametrize("pack", ["supervisor", "receiver", "route", "leader"])
def test_nothing_runs_off_a_phone(
    browser: Browser, live_server: LiveServer, keeper: User, run: CutoffRun, pack: str
) -> None:
    with workplace(browser, live_server, keeper, PHONE) as (page, heard):
        page.goto(f"/papers/?pack={pack}")

        assert overflow_px(page) == 0
        assert heard.complaints == []
        assert heard.strangers == []


def test_a_paper_is_a_pdf_that_opens(
    browser: Browser, live_server: LiveServer, keeper: User, run: CutoffRun
) -> None:
    with workplace(browser, live_server, keeper) as (page, _heard):
        page.goto("/papers/?pack=route&q=R01")
        link = page.locator("a.paper").first.get_attribute("href")
        assert link is not None

        answer = page.request.get(link)

        assert answer.headers["content-type"] == "application/pdf"
        document = pypdfium2.PdfDocument(answer.body())
        assert "load_sheet-R01.pdf" in document[0].get_textpage().get_text_range()


def test_a_pack_is_downloaded_as_one_file(
    browser: Browser, live_server: LiveServer, keeper: User, run: CutoffRun, tmp_path: Path
) -> None:
    with workplace(browser, live_server, keeper) as (page, _heard):
        page.goto("/papers/?pack=leader")
        with page.expect_download() as download:
            page.locator(".card__head a.button").click()

        assert download.value.suggested_filename == "c1-leader.zip"


def test_the_progress_follows_the_day_and_ends_with_it(
    browser: Browser, live_server: LiveServer, keeper: User, run: CutoffRun
) -> None:
    with workplace(browser, live_server, keeper) as (page, _heard):
        page.clock.install()
        page.goto("/papers/")
        expect(page.locator(".day .is-done")).to_have_count(0)

        run.steps.filter(name=Step.FREEZE).update(
            state=StepState.DONE, started_at=run.created_at, finished_at=run.created_at
        )
        page.clock.run_for(11_000)
        expect(page.locator(".day .is-done")).to_have_count(1)

        run.steps.update(state=StepState.DONE, finished_at=run.created_at)
        page.clock.run_for(11_000)
        expect(page.locator("#progress[data-refresh]")).to_have_count(0)
        expect(page.locator(".day[data-finished]")).to_have_count(1)


def test_a_replaced_paper_and_a_stale_centre_fit_a_phone(
    browser: Browser, live_server: LiveServer, keeper: User, run: CutoffRun
) -> None:
    CutoffRun.objects.filter(pk=run.pk).update(papers_basis="allocations=0")
    old = PaperFactory.create(run=run, document=Document.SOW_CARDS, scope="C1-A-ambient")
    new = PaperFactory.create(
        run=run, document=Document.SOW_CARDS, scope="C1-A-ambient", revision=2, file="new.pdf"
    )
    for paper in (old, new):
        PaperSheet.objects.create(
            paper=paper, scope="K001", revision=paper.revision, content_hash=str(paper.revision)
        )

    with workplace(browser, live_server, keeper, PHONE) as (page, heard):
        page.goto("/papers/")
        expect(page.locator("form[action*=refresh] button")).to_be_visible()
        assert overflow_px(page) == 0
        page.goto(f"/c/{document_code(NumberedDocument.SOW_CARDS, '0311A', 'K001', 1)}")
        expect(page.locator("main")).to_contain_text("K001 r1")
        expect(page.locator(f"a[href='/papers/{new.pk}.pdf']")).to_be_visible()
        assert overflow_px(page) == 0

        assert heard.complaints == []
