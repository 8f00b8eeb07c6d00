"""What nobody needs any longer goes, by class and age, once a night, and is written down."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from pytest_django import Settings

from fulfillment.models.papers import Document
from fulfillment.services.retention import everything_clear, retention_due
from leaders.models.applications import ApplicationState
from orders.domain.personal_data import pseudonym
from orders.models.campaigns import Campaign
from orders.models.claims import ClaimPhoto, ClaimState
from orders.models.orders import OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.personal_data import LegalHold, RetentionRecord
from orders.models.residents import ResidentToken, ShortLinkClick
from tests.factories.fulfillment import PaperFactory
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory
from tests.factories.links import group_link
from tests.factories.orders import ClaimPhotoFactory, OrderFactory, ResidentFactory

pytestmark = pytest.mark.django_db

# Half past four in the morning in Shanghai.
NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PAPERS_ROOT = tmp_path / "papers"
    settings.PICTURES_ROOT = tmp_path / "pictures"
    return tmp_path


def told(done_at: datetime) -> OutboxMessage:
    return OutboxMessage.objects.create(
        topic=Topic.ORDER_PAID,
        dedupe_key=done_at.isoformat(),
        phone="19906912483",
        facts={"order_no": "O1"},
        available_at=done_at,
        done_at=done_at,
        channel="sms",
    )


def test_words_of_old_messages_go_and_their_keys_stay() -> None:
    old, young = told(NOW - timedelta(days=91)), told(NOW - timedelta(days=89))

    figures = everything_clear(now=NOW)

    old.refresh_from_db()
    young.refresh_from_db()
    assert figures["messages"] == 1
    assert (old.phone, old.facts, old.channel) == ("", {}, "sms")
    assert young.phone == "19906912483"


def test_tokens_clicks_and_decided_photos_go_with_their_files(places: Path) -> None:
    resident = ResidentFactory.create()
    for number, expires_at in enumerate((LONG_AGO, NOW)):
        ResidentToken.objects.create(
            resident=resident, digest=str(number), created_at=LONG_AGO, expires_at=expires_at
        )
    link = group_link(LeaderFactory.create(), LONG_AGO)
    ShortLinkClick.objects.create(short_link=link, at=LONG_AGO)
    decided = {"claim__state": ClaimState.REJECTED, "claim__decided_at": LONG_AGO}
    for number, more in enumerate(({}, decided)):
        ClaimPhotoFactory.create(photo=ContentFile(b"jpeg", name=f"{number}.jpg"), **more)

    figures = everything_clear(now=NOW)

    assert (figures["login"], figures["clicks"], figures["photos"]) == (1, 1, 1)
    assert ClaimPhoto.objects.get().claim.state == ClaimState.FILED
    assert [path.name for path in (places / "media" / "claims").iterdir()] == ["0.jpg"]


def test_rejected_applications_are_blank_after_half_a_year() -> None:
    application = LeaderApplicationFactory.create(
        state=ApplicationState.REJECTED, reviewed_at=LONG_AGO
    )

    everything_clear(now=NOW)

    application.refresh_from_db()
    assert (application.phone, application.address) == ("", "")
    assert application.applicant_name == pseudonym(application.pk)


def test_trades_lose_their_names_after_three_years_and_holds_their_rows() -> None:
    old, young, unpaid = (
        OrderFactory.create(state=state)
        for state in (OrderState.COMPLETED, OrderState.COMPLETED, OrderState.PENDING_PAYMENT)
    )
    for order in (old, unpaid):
        Campaign.objects.filter(pk=order.campaign_id).update(delivery_date=date(2023, 11, 22))
    Campaign.objects.filter(pk=young.campaign_id).update(delivery_date=date(2023, 11, 23))
    for until in (date(2026, 11, 22), date(2026, 11, 23)):
        LegalHold.objects.create(
            resident=ResidentFactory.create(), sealed="x", kept_until=until, created_at=LONG_AGO
        )

    figures = everything_clear(now=NOW)

    assert (figures["trade"], figures["hold"]) == (1, 1)
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.resident_name == pseudonym(old.resident_id)
    assert young.resident_phone
    assert LegalHold.objects.get().kept_until == date(2026, 11, 23)


def test_lists_that_name_residents_go_and_other_papers_stay(places: Path) -> None:
    files = []
    for document in (Document.HAND_OUT_LIST, Document.MASTER_LIST):
        paper = PaperFactory.create(document=document, file=f"{document}.pdf")
        file = places / "papers" / paper.run.campaign.code / paper.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"%PDF")
        files.append(file)

    assert everything_clear(now=NOW)["papers"] == 1
    assert [file.exists() for file in files] == [False, True]
    assert everything_clear(now=NOW)["papers"] == 0


def test_pictures_of_other_days_go(places: Path) -> None:
    for name in ("2026-11-01", "2026-11-22", "notes"):
        (places / "pictures" / name).mkdir(parents=True)

    everything_clear(now=NOW)

    left = sorted(path.name for path in (places / "pictures").iterdir())
    assert left == ["2026-11-22", "notes"]


def test_a_night_clears_once_and_not_before_half_past_three() -> None:
    told(LONG_AGO)

    assert retention_due(now=NOW - timedelta(hours=2)) == 0
    assert retention_due(now=NOW) == 1
    told(LONG_AGO - timedelta(days=1))
    assert retention_due(now=NOW + timedelta(minutes=30)) == 0
    assert RetentionRecord.objects.get(record_class="messages").rows == 1


def test_a_trial_counts_and_changes_nothing() -> None:
    message = told(LONG_AGO)
    out = StringIO()

    call_command("retention_clear", "--dry-run", stdout=out)

    message.refresh_from_db()
    assert message.phone
    assert dict(line.split() for line in out.getvalue().splitlines())["messages"] == "1"
    assert not RetentionRecord.objects.exists()
