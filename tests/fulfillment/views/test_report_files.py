"""Report files and schedules, as people ask for them."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from fulfillment.models.reports import ReportRun, ReportSchedule, ReportState
from fulfillment.services.reports import report_make
from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from tests.factories.leaders import UserFactory
from tests.factories.reports import ReportRunFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TERMS = {
    "name": "周报",
    "kind": "skus",
    "days": "7",
    "weekday": "0",
    "at_time": "07:30",
    "recipients": "a@example.cn\n\nb@example.cn\na@example.cn",
}


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own."""
    folder = tmp_path / "reports"
    settings.REPORTS_ROOT = folder
    return folder


def deeds() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_report_is_asked_for_and_downloaded(buyer: Client) -> None:
    asked = buyer.post("/reports/files/", {"kind": "skus", "span": "30"})
    run = ReportRun.objects.get()
    waiting = buyer.get("/reports/files/").content.decode()
    report_make(run_id=run.pk)

    taken = buyer.get(f"/reports/files/{run.pk}/")

    assert asked.status_code == 302
    assert "Waiting" in waiting
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="skus-')
    assert b"".join(taken)[:2] == b"PK"
    assert f"/reports/files/{run.pk}/" in buyer.get("/reports/files/").content.decode()
    assert deeds() == ["report.asked", "report.downloaded"]


@pytest.mark.parametrize("name", ["", "gone.xlsx", "../secret.txt", "/etc/passwd"])
def test_a_file_that_is_not_there_is_said_in_words(buyer: Client, name: str, root: Path) -> None:
    (root.parent / "secret.txt").write_text("secret")
    run = ReportRunFactory.create(state=ReportState.READY, file_name=name)

    answer = buyer.get(f"/reports/files/{run.pk}/")

    assert answer.status_code == 409
    assert "ask for it again" in answer.content.decode()
    assert deeds() == []


def test_a_schedule_is_made_changed_and_switched_off(buyer: Client) -> None:
    buyer.post("/reports/schedules/", TERMS)
    schedule = ReportSchedule.objects.get()
    assert schedule.recipients == "a@example.cn\nb@example.cn"
    assert "Monday 07:30" in buyer.get("/reports/schedules/").content.decode()

    buyer.post(f"/reports/schedules/{schedule.pk}/", TERMS | {"days": "30", "weekday": ""})
    buyer.post(f"/reports/schedules/{schedule.pk}/switch/", {"active": "off"})
    buyer.post(f"/reports/schedules/{schedule.pk}/switch/", {"active": "off"})

    schedule.refresh_from_db()
    assert (schedule.days, schedule.weekday, schedule.is_active) == (30, None, False)
    assert "switched off" in buyer.get("/reports/schedules/").content.decode()
    assert deeds() == [
        "report_schedule.made",
        "report_schedule.changed",
        "report_schedule.switched_off",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"recipients": "a@example.cn\nb@@example.cn"}, "b@@example.cn is no mail address."),
        ({"recipients": "a@localhost"}, "a@localhost is no mail address."),
        ({"recipients": "A <a@example.cn>"}, "is no mail address."),
        ({"recipients": "\n".join(f"p{n}@example.cn" for n in range(21))}, "20 addresses at most"),
        ({"name": "早报"}, "Another schedule has this name already."),
    ],
)
def test_what_is_wrong_with_a_schedule_stands_at_its_field(
    buyer: Client, changed: dict[str, str], said: str
) -> None:
    ReportScheduleFactory.create(name="早报")

    answer = buyer.post("/reports/schedules/", TERMS | changed)

    assert said in answer.content.decode()
    assert ReportSchedule.objects.count() == 1


def test_another_role_neither_reads_nor_asks(client: Client) -> None:
    run, schedule = ReportRunFactory.create(), ReportScheduleFactory.create()
    client.force_login(UserFactory.create(role=Role.SERVICE))

    answers = [
        client.get("/reports/files/"),
        client.get(f"/reports/files/{run.pk}/"),
        client.post("/reports/schedules/", TERMS),
        client.post(f"/reports/schedules/{schedule.pk}/switch/", {"active": "off"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
