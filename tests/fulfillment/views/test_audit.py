"""The audit log for those who may read all of it, and what they take along."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.services import audit_export
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
READERS = {Role.FINANCE, Role.COMPLIANCE, Role.ADMINISTRATOR}


@pytest.fixture
def reader(client: Client) -> User:
    user: User = UserFactory.create(role=Role.COMPLIANCE, username="he")
    client.force_login(user)
    return user


def deed(**words: object) -> AuditEvent:
    given = {"at": AT, "action": "claim.replied", "object_type": "claim", "object_id": "1"}
    return AuditEvent.objects.create(**{**given, **words})


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("audit-log"), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_log_opens_for_its_readers_only(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    seen = client.get(reverse("audit-log")).status_code
    taken = client.post(reverse("audit-export")).status_code

    assert (seen, taken) == ((200, 200) if role in READERS else (403, 403))


def test_deeds_are_shown_in_words_and_chosen_by_the_form(client: Client, reader: User) -> None:
    deed(actor=reader, reason="整箱坏了")
    deed(action="leader.suspended", object_type="leader", object_id="7")

    everything = page(client)
    chosen = page(client, kind="leader", which="7")

    assert "First word to the resident" in everything
    assert "整箱坏了" in everything
    assert '<span class="rows__title">Suspended</span>' in chosen
    assert "整箱坏了" not in chosen


def test_older_deeds_stand_on_the_next_page_under_the_same_choice(
    client: Client, reader: User
) -> None:
    for number in range(51):
        deed(object_id=f"c{number}", reason=f"reason {number}.")
    deed(object_type="leader", reason="another kind")

    first = page(client, kind="claim")
    place = first.partition("after=")[2].partition('"')[0]
    second = page(client, kind="claim", after=place)

    assert "reason 50." in first
    assert "reason 0." not in first
    assert "reason 0." in second
    assert "another kind" not in first + second
    assert 'rel="next"' not in second


def test_a_day_or_a_place_that_is_none_leaves_the_choice_open(client: Client, reader: User) -> None:
    deed(reason="still here")

    assert "still here" in page(client, since="yesterday", after="nonsense")


def test_the_page_asks_the_same_few_questions_however_much_there_is(
    client: Client, reader: User
) -> None:
    deed(actor=UserFactory.create())
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for number in range(20):
        deed(actor=UserFactory.create(), object_id=str(number))
    with CaptureQueriesContext(connection) as many:
        page(client)

    assert len(few) == len(many)


def test_an_export_holds_what_was_chosen_in_inert_cells_and_is_written_down(
    client: Client, reader: User
) -> None:
    deed(reason='=HYPERLINK("http://x")', facts={"refund_fen": 500})
    deed(object_type="leader", reason="another kind")

    answer = client.post(reverse("audit-export"), {"kind": "claim"})

    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = [str(cell.value) for cell in cells]
    assert any("HYPERLINK" in text for text in texts)
    assert not any(cell.data_type == "f" or str(cell.value).startswith("=") for cell in cells)
    assert "another kind" not in texts
    event = AuditEvent.objects.get(action="audit.exported")
    assert (event.actor, event.facts) == (reader, {"events": 1, "kind": "claim"})


def test_an_export_has_an_end(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_export, "EVENTS_MOST", 2)
    for number in range(3):
        deed(object_id=str(number))

    client.post(reverse("audit-export"))

    assert AuditEvent.objects.get(action="audit.exported").facts == {"events": 2}
