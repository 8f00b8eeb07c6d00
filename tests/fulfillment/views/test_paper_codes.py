"""Where a scanned paper leads."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.papers import Document, Paper, PaperSheet
from fulfillment.models.warehouse import Drop, Wave
from leaders.models.accounts import Role, User
from tests.factories.driving import PUBLISHED_AT, DriverFactory
from tests.factories.fulfillment import (
    CutoffRunFactory,
    PaperFactory,
    PurchaseOrderFactory,
    SortTaskFactory,
    ToteFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db

DELIVERY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def run() -> CutoffRun:
    """A planned night of campaign C9, delivered on 10 March."""
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C9", campaign__delivery_date=DELIVERY)
    planned_day(run)
    return run


def as_role(client: Client, role: Role) -> Client:
    client.force_login(UserFactory.create(role=role))
    return client


def scan(client: Client, code: str) -> str:
    answer = client.get(reverse("paper-code", args=[code]))
    return answer.headers["Location"] if answer.status_code == 302 else str(answer.status_code)


def printed(run: CutoffRun, document: Document, scope: str, *revisions: int) -> list[Paper]:
    """Papers of these revisions, of one sheet each."""
    papers = [
        PaperFactory.create(
            run=run,
            document=document,
            scope=scope,
            revision=revision,
            file=f"{document}-r{revision}.pdf",
            printed_at=datetime(2026, 3, 10, revision, 30, tzinfo=UTC),
        )
        for revision in revisions
    ]
    for paper in papers:
        PaperSheet.objects.create(
            paper=paper, scope=scope, revision=paper.revision, content_hash=str(paper.revision)
        )
    return papers


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("R*0310A*R03*1", "run=C9&pack=route&q=R03"),
        ("D*0310A*3-07*1", "run=C9&pack=leader&q=3-07"),
        ("G*0310*S18*1", "run=C9&pack=receiver&q=S18"),
        ("S*0310A*K001*1", "run=C9&pack=supervisor"),
    ],
)
def test_staff_without_a_desk_find_the_paper_in_the_print_centre(
    client: Client, code: str, place: str
) -> None:
    as_role(client, Role.DISPATCHER)

    assert scan(client, code) == f"{reverse('print-centre')}?{place}"


def test_the_warehouse_comes_to_the_desk_where_the_work_is_done(
    client: Client, run: CutoffRun
) -> None:
    order = PurchaseOrderFactory.create(run=run, supplier__code="S18")
    task = SortTaskFactory.create(wave=Wave.objects.get(run=run), sku__code="K001")
    trip = Trip.objects.get(route_no=1, delivery_run__cutoff_run=run)
    drop = Drop.objects.get(slot_code="1-02")
    as_role(client, Role.WAREHOUSE)

    assert {
        code: scan(client, code)
        for code in (
            "P*0310*S18*1",
            "G*0310*S18*1",
            "M*0310A*W1*1",
            "S*0310A*K001*1",
            "C*0310A*1-02*1",
            "L*0310A*R01*1",
            "R*0310A*R01*1",
            "D*0310A*1-02*1",
            "H*0310A*1-02*1",
            "X*0310A*C9*1",
            "Z*0310A*C9*1",
        )
    } == {
        "P*0310*S18*1": reverse("receiving-order", args=["C9", order.pk]),
        "G*0310*S18*1": reverse("receiving-order", args=["C9", order.pk]),
        "M*0310A*W1*1": reverse("sort-board", args=["C9"]),
        "S*0310A*K001*1": reverse("sort-card", args=["C9", task.pk]),
        "C*0310A*1-02*1": reverse("check-drop", args=["C9", drop.pk]),
        "L*0310A*R01*1": reverse("load-trip", args=["C9", trip.pk]),
        "R*0310A*R01*1": reverse("trip-return", args=["C9", trip.pk]),
        "D*0310A*1-02*1": reverse("trip-return", args=["C9", trip.pk]),
        "H*0310A*1-02*1": reverse("exceptions", args=["C9"]),
        "X*0310A*C9*1": reverse("exceptions", args=["C9"]),
        "Z*0310A*C9*1": reverse("day-close", args=["C9"]),
    }


def test_a_sheet_whose_row_is_gone_leads_to_the_print_centre(client: Client) -> None:
    as_role(client, Role.WAREHOUSE)

    assert scan(client, "S*0310A*K999*1") == f"{reverse('print-centre')}?run=C9&pack=supervisor"


def test_the_code_of_a_replaced_sheet_says_what_replaced_it(client: Client, run: CutoffRun) -> None:
    _old, new = printed(run, Document.LOAD_SHEET, "R01", 1, 2)
    as_role(client, Role.DISPATCHER)

    answer = client.get(reverse("paper-code", args=["L*0310A*R01*1"]))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "R01 r1" in page
    assert "03-10 10:30" in page
    assert reverse("paper-download", args=[new.pk]) in page
    assert f"{reverse('print-centre')}?run=C9" in page


def test_the_code_of_the_newest_sheet_leads_on(client: Client, run: CutoffRun) -> None:
    printed(run, Document.LOAD_SHEET, "R01", 1, 2)
    as_role(client, Role.DISPATCHER)

    assert scan(client, "L*0310A*R01*2").startswith(reverse("print-centre"))


def test_a_sheet_that_kept_its_number_in_a_new_file_is_not_replaced(
    client: Client, run: CutoffRun
) -> None:
    _old, new = printed(run, Document.SOW_CARDS, "K001", 1, 2)
    PaperSheet.objects.filter(paper=new).update(revision=1)
    as_role(client, Role.DISPATCHER)

    assert scan(client, "S*0310A*K001*1").startswith(reverse("print-centre"))


def test_who_may_not_open_the_new_paper_gets_no_link_to_it(client: Client, run: CutoffRun) -> None:
    _old, new = printed(run, Document.SOW_CARDS, "K001", 1, 2)
    as_role(client, Role.DISPATCHER)

    page = client.get(reverse("paper-code", args=["S*0310A*K001*1"])).content.decode()

    assert "K001 r1" in page
    assert reverse("paper-download", args=[new.pk]) not in page


def test_of_two_nights_of_one_day_the_letter_tells_which_is_meant(
    client: Client, run: CutoffRun
) -> None:
    printed(run, Document.LOAD_SHEET, "R01", 1)
    CutoffRunFactory.create(campaign__code="C10", campaign__delivery_date=DELIVERY)
    as_role(client, Role.DISPATCHER)

    assert "run=C9" in scan(client, "L*0310A*R01*1")
    assert "run=C9" in scan(client, "L*0310A*R02*1")
    assert "run=C10" in scan(client, "L*0310B*R02*1")


def test_a_leader_comes_to_the_own_list_whatever_was_scanned(
    client: Client, run: CutoffRun
) -> None:
    printed(run, Document.HAND_OUT_LIST, "9-99", 1, 2)
    as_role(client, Role.LEADER)

    assert scan(client, "H*0310A*9-99*1") == reverse("leader-hand-out")


@pytest.mark.parametrize("code", ["H*0311A*3-07*1", "nonsense"])
def test_a_code_of_no_paper_is_not_found(client: Client, code: str) -> None:
    as_role(client, Role.WAREHOUSE)

    assert scan(client, code) == "404"


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    assert scan(client, "H*0310A*3-07*1").startswith(reverse("login"))


@pytest.mark.parametrize(
    "typed",
    [
        "S*0310A*K001*1",
        " s*0310a*k001*1 ",
        "Ｓ*0310A*K001*1",
        "https://tuanpei.example/c/S*0310A*K001*1",
    ],
)
def test_a_typed_code_leads_where_its_scan_leads(client: Client, typed: str) -> None:
    as_role(client, Role.WAREHOUSE)

    answer = client.get(reverse("paper-code-typed"), {"code": typed})

    assert answer.headers["Location"] == reverse("paper-code", args=["S*0310A*K001*1"])


@pytest.mark.parametrize("is_typed", [False, True])
def test_the_code_of_a_label_leads_to_what_it_is_stuck_on(
    client: Client, run: CutoffRun, is_typed: bool
) -> None:
    stop = Stop.objects.get(drop__slot_code="1-02")
    tote = ToteFactory.create(drop=stop.drop)
    code = str(LabelCode(Labelled.TOTE, tote.pk))
    as_role(client, Role.WAREHOUSE)

    answer = (
        client.get(reverse("paper-code-typed"), {"code": code.lower()})
        if is_typed
        else client.get(reverse("paper-code", args=[code]))
    )

    assert answer.headers["Location"] == reverse("load-trip", args=["C9", stop.trip_id])


def test_a_typed_code_of_nothing_is_answered_at_the_start_of_the_night(client: Client) -> None:
    as_role(client, Role.WAREHOUSE)

    answer = client.get(reverse("paper-code-typed"), {"code": "U-12"}, follow=True)

    assert answer.redirect_chain[0][0] == reverse("night-newest")
    assert "U-12" in answer.content.decode()


@pytest.fixture
def driver(run: CutoffRun) -> User:
    """Who drives the published R01, and not R02."""
    driver = DriverFactory.create()
    DeliveryRun.objects.update(published_at=PUBLISHED_AT)
    Trip.objects.filter(route_no=1).update(driver=driver)
    assert driver.user is not None
    return driver.user


def test_a_driver_comes_from_the_route_sheet_to_their_own_trip(
    client: Client, driver: User
) -> None:
    client.force_login(driver)
    own, other = Trip.objects.get(route_no=1), Trip.objects.get(route_no=2)

    assert scan(client, "R*0310A*R01*1") == f"/drive/trips/{own.pk}/"
    assert scan(client, "R*0310A*R02*1") == "/drive/"
    assert client.get(f"/drive/trips/{other.pk}/").status_code == 404


def test_the_label_of_a_tote_leads_its_driver_to_the_door(client: Client, driver: User) -> None:
    client.force_login(driver)
    mine, other = (Stop.objects.filter(trip__route_no=route).first() for route in (1, 2))
    assert mine is not None
    assert other is not None
    labels = [
        str(LabelCode(Labelled.TOTE, ToteFactory.create(drop=stop.drop).pk))
        for stop in (mine, other)
    ]

    assert [scan(client, label) for label in labels] == [
        f"/drive/trips/{mine.trip_id}/stops/{mine.pk}/",
        "404",
    ]
