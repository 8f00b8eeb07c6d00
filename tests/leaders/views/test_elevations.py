"""The page of borrowed rights, and the strip over every other."""

import pytest
from django.test import Client

from leaders.models.access import Elevation
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.factories.access import ElevationFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

PATH = "/access/elevation/"
WISH = {"role": "dispatcher", "reason": "调度员生病，今晚的线路要重排", "minutes": "30"}
STRIP = 'class="elevation no-print"'


@pytest.fixture
def administrator(client: Client) -> User:
    role_permissions_apply(Role.ADMINISTRATOR)
    user = UserFactory.create(role=Role.ADMINISTRATOR, is_staff=True)
    role_permissions_apply(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_the_pages_of_a_role_open_while_its_rights_last(
    client: Client, administrator: User
) -> None:
    before = client.get("/routes/")

    answer = client.post(PATH, WISH, follow=True)
    during = client.get("/routes/")
    client.post(PATH, {"back": "yes"})
    after = client.get("/routes/")

    assert answer.redirect_chain == [("/", 302), ("/routes/", 302)]
    assert [one.status_code for one in (before, during, after)] == [403, 200, 403]


def test_a_red_strip_stands_over_every_page_and_in_the_administration(
    client: Client, administrator: User
) -> None:
    client.post(PATH, WISH)

    during = [client.get(page).content.decode() for page in (PATH, "/routes/", "/admin/")]
    client.post(PATH, {"back": "yes"})
    after = [client.get(page).content.decode() for page in (PATH, "/admin/")]

    assert [STRIP in page for page in during] == [True, True, True]
    assert [STRIP in page for page in after] == [False, False]


def test_the_administration_opens_what_the_borrowed_role_may_see(
    client: Client, administrator: User
) -> None:
    before = client.get("/admin/fulfillment/trip/")

    client.post(PATH, WISH)

    assert before.status_code == 403
    assert client.get("/admin/fulfillment/trip/").status_code == 200
    assert client.get("/admin/orders/order/").status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"role": "finance"}, {"reason": "救急"}, {"minutes": "45"}, {"role": "superuser"}]
)
def test_a_wish_beyond_the_rules_is_refused(
    client: Client, administrator: User, wrong: dict[str, str]
) -> None:
    page = client.post(PATH, WISH | wrong)

    assert page.status_code == 422
    assert not Elevation.objects.exists()


def test_compliance_reads_the_list_and_borrows_nothing(client: Client) -> None:
    elevation = ElevationFactory.create()
    client.force_login(UserFactory.create(role=Role.COMPLIANCE))

    page = client.get(PATH)

    assert elevation.reason in page.content.decode()
    assert page.context["form"] is None
    assert client.post(PATH, WISH).status_code == 403


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.COMPLIANCE}))
def test_no_other_role_opens_it(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get(PATH).status_code == 403
