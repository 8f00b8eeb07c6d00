"""The label page and its PDF from the outside."""

import pytest
from django.test import Client
from pytest_django import Settings

from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.factories.label_floor import LabelFloor
from tests.factories.leaders import UserFactory
from tests.fulfillment.papers.labels.reading import page_words
from tests.fulfillment.papers.reading import page_texts

pytestmark = pytest.mark.django_db
PAGE = "/warehouse/C1/labels/"
SHEET = "/warehouse/C1/labels/sheet.pdf"


@pytest.fixture
def floor() -> LabelFloor:
    return LabelFloor()


@pytest.fixture
def warehouse(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def log_in(client: Client, leader: Leader) -> Client:
    leader.user = UserFactory.create(role=Role.LEADER)
    leader.save()
    client.force_login(leader.user)
    return client


@pytest.mark.parametrize("kind", ["pallet", "weigh", "tote", "household", "item"])
def test_every_kind_has_a_page_before_there_is_anything(
    warehouse: Client, floor: LabelFloor, kind: str
) -> None:
    answer = warehouse.get(f"{PAGE}?kind={kind}")

    assert answer.status_code == 200
    assert f'name="kind" value="{kind}"' in answer.content.decode()


def test_a_row_of_the_page_prints_what_it_shows(warehouse: Client, floor: LabelFloor) -> None:
    floor.seal()

    page = warehouse.get(f"{PAGE}?kind=tote").content.decode()
    answer = warehouse.get(f"{SHEET}?kind=tote&size=80x60&slot=&route=&start=1&route=3")

    assert 'name="route" value="3"' in page
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="labels-tote-C1.pdf"'
    assert len(page_texts(answer.content)) == 2


def test_a_pallet_label_is_asked_for_by_its_count(warehouse: Client, floor: LabelFloor) -> None:
    line = floor.count()

    answer = warehouse.get(f"{SHEET}?kind=pallet&of={line.pk}&size=100x100")

    assert "4" in page_words(answer.content)
    assert "西兰花" in page_texts(answer.content)[0]


def test_a_reprint_is_marked_and_can_be_kept(warehouse: Client, floor: LabelFloor) -> None:
    answer = warehouse.get(f"{SHEET}?kind=weigh&of={floor.portion.pk}&reprint=on&save")

    assert "R" in page_words(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_part_used_sheet_starts_where_it_is_told(warehouse: Client, floor: LabelFloor) -> None:
    too_far = warehouse.get(f"{SHEET}?kind=item&slot=3-07&size=a4-3x7&start=22")
    answer = warehouse.get(f"{SHEET}?kind=item&slot=3-07&size=a4-3x7&start=20")

    assert too_far.status_code == 422
    assert "field--invalid" in too_far.content.decode()
    assert len(page_texts(answer.content)) == 2


def test_a_printer_with_an_offset_is_offered(
    warehouse: Client, floor: LabelFloor, settings: Settings
) -> None:
    settings.LABEL_PRINTERS = ["dock=0.5:-1"]

    page = warehouse.get(PAGE).content.decode()
    answer = warehouse.get(f"{SHEET}?kind=weigh&printer=dock")

    assert '<option value="dock">dock</option>' in page
    assert answer["Content-Type"] == "application/pdf"


def test_nothing_to_print_leads_back_with_a_reason(warehouse: Client, floor: LabelFloor) -> None:
    answer = warehouse.get(f"{SHEET}?kind=tote&slot=3-07", follow=True)

    assert answer.redirect_chain == [(f"{PAGE}?kind=tote", 302)]
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize("query", ["", "kind=poster", "kind=tote&size=50x30", "kind=item&of=0"])
def test_what_cannot_be_printed_shows_the_page_again(
    warehouse: Client, floor: LabelFloor, query: str
) -> None:
    assert warehouse.get(f"{SHEET}?{query}").status_code == 422


def test_a_leader_prints_own_doors_and_nothing_else(client: Client, floor: LabelFloor) -> None:
    leader = log_in(client, floor.li)

    page = leader.get(PAGE)
    own = leader.get(f"{SHEET}?kind=item")
    others = leader.get(f"{SHEET}?kind=item&slot=3-07", follow=True)
    by_key = leader.get(f"{SHEET}?kind=household&of={floor.far.pk}", follow=True)

    assert [subject.value for subject in page.context["subjects"]] == ["3-08"]
    assert "201" in page_words(own.content)
    assert others.redirect_chain
    assert by_key.redirect_chain


@pytest.mark.parametrize("kind", ["tote", "pallet", "weigh"])
def test_a_leader_prints_no_label_of_the_warehouse(
    client: Client, floor: LabelFloor, kind: str
) -> None:
    leader = log_in(client, floor.li)

    assert leader.get(f"{PAGE}?kind={kind}").status_code == 403
    assert leader.get(f"{SHEET}?kind={kind}").status_code == 422


@pytest.mark.parametrize(
    ("role", "kinds"),
    [(Role.RECEIVER, {"pallet"}), (Role.SORTER, {"weigh", "tote"})],
)
def test_each_hand_prints_what_it_works_with(
    client: Client, floor: LabelFloor, role: Role, kinds: set[str]
) -> None:
    client.force_login(UserFactory.create(role=role))

    opened = {
        kind
        for kind in ("pallet", "weigh", "tote", "household", "item")
        if client.get(f"{PAGE}?kind={kind}").status_code == 200
    }

    assert opened == kinds


@pytest.mark.parametrize("role", [Role.BUYER, Role.DISPATCHER])
def test_other_roles_print_no_labels(client: Client, floor: LabelFloor, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get(PAGE).status_code == 403
    assert client.get(SHEET).status_code == 403
