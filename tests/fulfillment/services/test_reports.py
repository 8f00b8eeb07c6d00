"""Report files: built once, taken up again after a death, mailed, removed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django import Settings

from fulfillment.domain.kpi_parts import Parts, parts_to_json
from fulfillment.models.reports import ReportKind, ReportRun, ReportState
from fulfillment.services import reports as building
from fulfillment.services.report_mail import MAIL_ATTEMPTS_MAX, report_mail
from fulfillment.services.reports import (
    ATTEMPTS_MAX,
    report_make,
    reports_remove_old,
    reports_wake_due,
)
from tests.factories.figures import CampaignFiguresFactory, SkuFiguresFactory
from tests.factories.orders import CampaignFactory
from tests.factories.reports import ReportRunFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

# A Thursday, eight in the morning of Shanghai.
NOW = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own, no queue, and nothing named before."""
    settings.REPORTS_ROOT = tmp_path / "reports"
    monkeypatch.setattr(building, "worker_wake", lambda _task, _run_id: True)
    cache.clear()
    yield settings.REPORTS_ROOT
    cache.clear()


def _hand_back(moment: datetime) -> datetime:
    return moment


def made(run: ReportRun, *, at: datetime = NOW) -> ReportRun:
    """The report after a worker has built it."""
    assert report_make(run_id=run.pk, clock=lambda: at)
    run.refresh_from_db()
    return run


def first_sheet(root: Path, run: ReportRun) -> Worksheet:
    book = load_workbook(BytesIO((root / run.file_name).read_bytes()))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_file_has_inert_texts_and_real_numbers(root: Path) -> None:
    SkuFiguresFactory.create(
        campaign=CampaignFactory.create(delivery_date=date(2026, 3, 11)),
        sku__code="K1",
        sku__name="=2+3",
        lines=4,
        pieces=8,
        paid_fen=1_250,
        refunded_fen=50,
        cost_fen=700,
        short_pieces=1,
        claims=1,
    )

    run = made(ReportRunFactory.create())

    sheet = first_sheet(root, run)
    assert [cell.value for cell in sheet[5]] == [
        *("K1", "'=2+3", 4, 8, 12.5, 0.5, 7, 5, 1, 0.125, 1, 0.25)
    ]
    assert sheet["J5"].number_format == "0.00%"
    assert sheet.freeze_panes == "A5"
    assert (run.state, run.rows, run.error) == (ReportState.READY, 1, "")


def test_key_figures_have_their_days_as_dates(root: Path) -> None:
    of = CampaignFactory.create(delivery_date=date(2026, 3, 11))
    CampaignFiguresFactory.create(
        campaign=of, parts=parts_to_json(Parts(orders=1, paid_fen=99, pieces=4, allocated_pieces=3))
    )

    run = made(ReportRunFactory.create(kind=ReportKind.KPIS))

    book = load_workbook(BytesIO((root / run.file_name).read_bytes()))
    figures = {row[1]: row[2] for row in book.worksheets[0].iter_rows(values_only=True)}
    day = next(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert (figures["Sales (GMV)"], figures["Fill rate"]) == (0.99, 0.75)
    assert (str(day[0]), day[1]) == ("2026-03-11 00:00:00", 0.99)


@pytest.mark.parametrize("kind", ReportKind)
def test_every_report_can_be_built_of_nothing(kind: ReportKind) -> None:
    assert made(ReportRunFactory.create(kind=kind)).state == ReportState.READY


def test_a_schedule_asks_once_a_day_from_its_hour_on() -> None:
    schedule = ReportScheduleFactory.create()
    ReportScheduleFactory.create(weekday=0)
    ReportScheduleFactory.create(is_active=False)
    seven = NOW - timedelta(hours=1)

    woken = [
        reports_wake_due(now=at)["reports_scheduled"]
        for at in (seven - timedelta(minutes=1), seven, NOW, NOW + timedelta(days=1))
    ]

    assert woken == [0, 1, 0, 1]
    first = ReportRun.objects.order_by("pk")[0]
    assert (first.schedule, first.from_on, first.until_on) == (
        schedule,
        date(2026, 3, 5),
        date(2026, 3, 11),
    )


def test_one_report_is_built_by_one_worker_at_a_time() -> None:
    run = ReportRunFactory.create(state=ReportState.BUILDING, attempts=1)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [building.REPORT_LOCK, run.pk])

    is_built_beside = report_make(run_id=run.pk, clock=lambda: NOW)
    # The worker dies; its session ends, and its lock with it.
    other.close()

    assert not is_built_beside
    assert made(run).attempts == 2


def test_what_is_built_is_not_built_again() -> None:
    run = made(ReportRunFactory.create())

    assert not report_make(run_id=run.pk, clock=lambda: NOW + timedelta(hours=1))


def test_a_failure_is_told_and_tried_again_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    run = ReportRunFactory.create()

    def refuse(_run: ReportRun) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(building, "report_tables", refuse)
        tries = [report_make(run_id=run.pk, clock=lambda: NOW) for _ in range(ATTEMPTS_MAX + 1)]

    run.refresh_from_db()
    assert tries == [False] * (ATTEMPTS_MAX + 1)
    assert (run.state, run.attempts) == (ReportState.FAILED, ATTEMPTS_MAX)
    assert run.error == "OSError: disk full"
    assert reports_wake_due(now=NOW)["reports_woken"] == 0


def test_a_report_that_kills_its_workers_is_given_up() -> None:
    run = ReportRunFactory.create(state=ReportState.BUILDING, attempts=ATTEMPTS_MAX)

    reports_wake_due(now=NOW)

    run.refresh_from_db()
    assert (run.state, run.error) == (ReportState.FAILED, "The worker died over it.")


def test_a_scheduled_report_is_mailed_once(mailoutbox: list[EmailMessage], root: Path) -> None:
    run = made(ReportRunFactory.create(schedule=ReportScheduleFactory.create(name="早报")))

    sent = [report_mail(run_id=run.pk, clock=lambda: NOW) for _ in range(2)]

    run.refresh_from_db()
    (mail,) = mailoutbox
    assert sent == [True, False]
    assert mail.to == ["ops@example.cn", "boss@example.cn"]
    assert mail.subject == "早报, 2026-03-05 to 2026-03-11"
    assert mail.extra_headers["Message-ID"] == f"<report-{run.pk}@localhost>"
    assert mail.attachments[0][1] == (root / run.file_name).read_bytes()
    assert (run.mailed_at, run.mail_after) == (NOW, None)


def test_a_report_somebody_asked_for_is_not_mailed(mailoutbox: list[EmailMessage]) -> None:
    run = made(ReportRunFactory.create())

    assert not report_mail(run_id=run.pk, clock=lambda: NOW)
    assert mailoutbox == []


def test_mail_that_fails_is_tried_again_after_longer_and_longer_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = made(ReportRunFactory.create(schedule=ReportScheduleFactory.create()))

    def refuse(_message: object) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    at, attempts = NOW, []
    for _ in range(200):
        report_mail(run_id=run.pk, clock=partial(_hand_back, at))
        attempts.append(ReportRun.objects.get().mail_attempts)
        at += timedelta(minutes=1)

    run.refresh_from_db()
    firsts = [attempts.index(number) for number in range(1, MAIL_ATTEMPTS_MAX + 1)]
    assert firsts == [0, 5, 15, 35, 75]
    assert run.error == "ConnectionRefusedError: no mail server"
    assert (run.mailed_at, run.mail_after) == (None, None)
    assert reports_wake_due(now=at)["reports_woken"] == 0


def test_old_files_are_removed_and_their_rows_stay(root: Path, settings: Settings) -> None:
    old, new = ReportRunFactory.create_batch(2)
    made(old, at=NOW - timedelta(days=settings.REPORT_KEEP_DAYS, seconds=1))
    made(new, at=NOW)

    removed = reports_remove_old(now=NOW)

    old.refresh_from_db()
    assert removed == 1
    assert (old.state, old.file_name) == (ReportState.READY, "")
    assert [path.name for path in root.iterdir()] == [new.file_name]
