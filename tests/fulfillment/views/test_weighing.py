"""The weigh station from the outside."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.warehouse import SortTask
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import portions_standing
from leaders.models.accounts import Role
from orders.models.payments import Refund, RefundReason
from tests.factories.leaders import UserFactory
from tests.factories.weighing import ScaleFactory, melon_day, melons
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    return played(melon_day())


@pytest.fixture
def scale(run: CutoffRun) -> Scale:
    made: Scale = ScaleFactory.create(
        warehouse=run.warehouse, verified_until=timezone.localdate() + timedelta(days=9)
    )
    return made


@pytest.fixture
def warehouse(client: Client, scale: Scale) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


@pytest.fixture
def page(run: CutoffRun) -> str:
    return f"/warehouse/C1/weighing/{SortTask.objects.get(sku__code='K3').pk}/"


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the portion on the scale."""
    form = html.split('class="card weigh"')[1].split("</form>")[0]
    return {
        name: value
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
        if name in {"event", "allocation", "portion"}
    }


def weigh(client: Client, page: str, reading: str, **more: str) -> str:
    """Weigh the portion that the page offers; what comes back."""
    offered = fields(client.get(page).content.decode())
    scale = str(Scale.objects.get().pk)
    answer = client.post(
        f"{page}portion/", offered | {"reading": reading, "scale": scale} | more, follow=True
    )
    return answer.content.decode()


def test_the_board_counts_what_is_not_entered(warehouse: Client, run: CutoffRun) -> None:
    html = warehouse.get("/warehouse/C1/weighing/").content.decode()

    assert "0/6" in html
    assert "西瓜 约3.5斤" in html
    assert "—" in html


def test_a_figure_is_saved_and_the_next_portion_comes(warehouse: Client, page: str) -> None:
    first = fields(warehouse.get(page).content.decode())

    html = weigh(warehouse, page, "1.732 kg", tare="20")

    portion = WeighedPortion.objects.get()
    assert (portion.gross_g, portion.tare_g, portion.net_g) == (1732, 20, 1712)
    assert "1.712 kg" in html
    assert fields(html) != first
    assert fields(html)["event"] != first["event"]


def test_a_scale_types_its_own_line(warehouse: Client, page: str) -> None:
    weigh(warehouse, page, "ST,GS,+ 1.750kg")
    weigh(warehouse, page, "ST,NT,+ 1.751kg", tare="50")

    assert list(WeighedPortion.objects.order_by("pk").values_list("gross_g", "tare_g")) == [
        (1750, 0),
        (1751, 0),
    ]


def test_tare_and_scale_are_remembered(warehouse: Client, page: str) -> None:
    html = weigh(warehouse, page, "1770", tare="0.020")

    assert 'value="0.020"' in html


@pytest.mark.parametrize("reading", ["", "abc", "US,GS,+ 1.234kg", "1,234"])
def test_what_is_no_weight_stays_on_the_page(warehouse: Client, page: str, reading: str) -> None:
    html = weigh(warehouse, page, reading)

    assert "field--invalid" in html
    assert not WeighedPortion.objects.exists()


def test_the_same_form_sent_twice_is_one_portion(warehouse: Client, page: str) -> None:
    offered = fields(warehouse.get(page).content.decode())
    data = offered | {"reading": "1750", "scale": str(Scale.objects.get().pk)}

    first = warehouse.post(f"{page}portion/", data)
    second = warehouse.post(f"{page}portion/", data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert WeighedPortion.objects.count() == 1


def test_outside_the_band_the_supervisor_is_asked(warehouse: Client, page: str) -> None:
    html = weigh(warehouse, page, "1600")
    assert 'name="note"' in html
    assert not WeighedPortion.objects.exists()

    weigh(warehouse, page, "1600", note="只剩小瓜")

    assert WeighedPortion.objects.get().approval_note == "只剩小瓜"
    assert ExceptionCase.objects.filter(stage="weigh").count() == 1


def test_a_portion_that_somebody_else_weighed_is_refused_in_words(
    warehouse: Client, page: str
) -> None:
    offered = fields(warehouse.get(page).content.decode())
    weigh(warehouse, page, "1750")

    answer = warehouse.post(
        f"{page}portion/",
        offered | {"event": str(uuid4()), "reading": "1751", "scale": str(Scale.objects.get().pk)},
    )

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert WeighedPortion.objects.count() == 1


def test_the_last_portion_is_undone_and_offered_again(warehouse: Client, page: str) -> None:
    weigh(warehouse, page, "1750")
    portion = WeighedPortion.objects.get()

    answer = warehouse.post(
        f"{page}undo/", {"event": str(uuid4()), "portion": str(portion.pk)}, follow=True
    )

    offered = fields(answer.content.decode())
    assert not portions_standing().exists()
    assert (offered["allocation"], offered["portion"]) == (
        str(portion.allocation_id),
        str(portion.portion_no),
    )


def test_undoing_twice_says_so(warehouse: Client, page: str) -> None:
    weigh(warehouse, page, "1750")
    portion = WeighedPortion.objects.get()
    levels = []
    for _time in range(2):
        answer = warehouse.post(
            f"{page}undo/", {"event": str(uuid4()), "portion": str(portion.pk)}, follow=True
        )
        levels += [message.level_tag for message in answer.context["messages"]]

    assert levels == ["success", "warning"]
    assert WeighedPortion.objects.count() == 2


def test_a_place_can_be_chosen(warehouse: Client, page: str) -> None:
    line = melons("O2")

    offered = fields(warehouse.get(f"{page}?line={line.pk}&portion=4").content.decode())

    assert (offered["allocation"], offered["portion"]) == (str(line.pk), "4")


def test_when_all_is_weighed_there_is_nothing_to_type(
    warehouse: Client, page: str, run: CutoffRun
) -> None:
    for _portion in range(6):
        html = weigh(warehouse, page, "1700")

    assert 'name="reading"' not in html
    assert "empty__title" in html
    assert Refund.objects.filter(reason=RefundReason.SHORT_WEIGHT).count() == 2
    assert "badge--accent" in warehouse.get("/warehouse/C1/weighing/").content.decode()


def test_without_a_verified_scale_nothing_is_weighed(warehouse: Client, page: str) -> None:
    Scale.objects.update(verified_until=date(2026, 1, 1))

    html = warehouse.get(page).content.decode()

    assert "notice--danger" in html
    assert 'name="reading"' not in html


def test_a_sku_of_fixed_packs_has_no_weigh_page(warehouse: Client, run: CutoffRun) -> None:
    task = SortTask.objects.get(sku__code="K1")

    assert warehouse.get(f"/warehouse/C1/weighing/{task.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER, Role.DISPATCHER])
def test_others_do_not_weigh(client: Client, page: str, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get(page).status_code == 403
    assert client.post(f"{page}portion/").status_code == 403
    assert client.post(f"{page}undo/").status_code == 403
