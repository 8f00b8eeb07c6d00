"""docs/howto/sell-in-a-group.md tells the figures that the code keeps."""

from django.conf import settings

from fulfillment.domain.customers import Liveliness
from fulfillment.domain.push_restraint import ONE_POST, REPEATED_WITHIN
from fulfillment.domain.selling_kit import NEARLY_GONE_QTY
from fulfillment.integrations.picture_files import KEPT_DAYS
from fulfillment.pictures.sheet import BYTES_MAX, WIDTH
from fulfillment.selectors.customer_export import AFTER_NOTICE
from fulfillment.services.kit_wording import GOODS_IN_TEXT
from orders.forms import LINK_DAYS
from orders.models.kit import PostKind
from tests.docs.pages import tables, text

PAGE = "howto/sell-in-a-group.md"


def test_every_post_of_a_group_has_its_row() -> None:
    rows = [row["post"].split(" (")[0] for row in tables(PAGE)[0]]

    kinds = [kind for kind in PostKind if kind is not PostKind.WIN_BACK]
    assert len(rows) == len(kinds)
    assert [row.replace(" ", "_").removesuffix("_post") for row in rows] == [
        str(kind) if kind is not PostKind.ARRIVAL else "arrival_notice" for kind in kinds
    ]


def test_the_figures_are_those_of_the_code() -> None:
    page = text(PAGE)

    for sentence in (
        f"up to {GOODS_IN_TEXT} goods",
        f"at most {NEARLY_GONE_QTY} pieces are left",
        f"{WIDTH} pixels wide and below {BYTES_MAX // 1000} kB",
        f"After {settings.LEADER_PUSHES_PER_DAY} pushes a day",
        f"the same within {ONE_POST.seconds // 60} minutes",
        f"again within {REPEATED_WITHIN.seconds // 3600} hours",
        f"until {AFTER_NOTICE.days} days after the notice",
    ):
        assert sentence in page, sentence
    assert KEPT_DAYS == 2
    assert [kind.quiet_days for kind in Liveliness if kind.quiet_days] == [7, 14, 30]


def test_the_lives_of_links_are_those_of_the_form() -> None:
    days = [str(days) for days, _label in LINK_DAYS]

    assert f"works for {', '.join(days[:-1])} or {days[-1]} days" in text(PAGE)
