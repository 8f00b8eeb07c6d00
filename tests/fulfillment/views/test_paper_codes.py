"""Where a scanned paper leads."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from leaders.models.accounts import Role
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _run_of_today() -> None:
    CutoffRunFactory.create(campaign__code="C9", campaign__delivery_date=date(2026, 3, 10))


def _scan(client: Client, code: str) -> str:
    answer = client.get(reverse("paper-code", args=[code]))
    return answer.headers["Location"] if answer.status_code == 302 else str(answer.status_code)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("R*0310A*R03*1", "run=C9&pack=route&q=R03"),
        ("D*0310A*3-07*1", "run=C9&pack=leader&q=3-07"),
        ("G*0310A*S18*1", "run=C9&pack=receiver&q=S18"),
        ("S*0310A*K001*1", "run=C9&pack=supervisor"),
    ],
)
def test_staff_find_the_paper_in_the_print_centre(client: Client, code: str, place: str) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    assert _scan(client, code) == f"{reverse('print-centre')}?{place}"


def test_a_leader_comes_to_the_own_list_whatever_was_scanned(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.LEADER))

    assert _scan(client, "H*0310A*9-99*1") == reverse("leader-hand-out")


@pytest.mark.parametrize("code", ["H*0311A*3-07*1", "nonsense"])
def test_a_code_of_no_paper_is_not_found(client: Client, code: str) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    assert _scan(client, code) == "404"


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    assert _scan(client, "H*0310A*3-07*1").startswith(reverse("login"))
