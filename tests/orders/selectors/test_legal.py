"""The rules in force, and who sells."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache

from orders.models.legal import Licence, RuleKind, RulePage
from orders.selectors.legal import operator_name, rule_text, rule_version_in_force

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def publish(version: str, at: datetime, body: str = "x") -> RulePage:
    return RulePage.objects.create(
        kind=RuleKind.PRIVACY, version=version, body=body, published_at=at
    )


def test_the_newest_version_that_is_out_is_in_force() -> None:
    publish("1", NOW - timedelta(days=2))
    publish("2", NOW)
    publish("3", NOW + timedelta(seconds=1))

    assert rule_version_in_force(RuleKind.PRIVACY, NOW) == "2"
    assert rule_version_in_force(RuleKind.TERMS, NOW) == ""


def test_an_old_version_can_be_read_and_knows_that_it_is_old() -> None:
    publish("1", NOW - timedelta(days=2))
    publish("2", NOW)

    old = rule_text(RuleKind.PRIVACY, "1", NOW)
    new = rule_text(RuleKind.PRIVACY, "", NOW)

    assert old is not None
    assert new is not None
    assert (old.is_newest, new.is_newest) == (False, True)
    assert rule_text(RuleKind.PRIVACY, "9", NOW) is None


def test_numbered_lines_are_titles() -> None:
    publish("1", NOW, "一、我们收集什么\n\n手机号：用来登录。\n  \n十二、其他")

    text = rule_text(RuleKind.PRIVACY, "", NOW)

    assert text is not None
    assert text.parts == [
        (True, "一、我们收集什么"),
        (False, "手机号：用来登录。"),
        (True, "十二、其他"),
    ]


def test_the_operator_is_the_holder_of_a_valid_licence() -> None:
    yesterday = TODAY - timedelta(days=1)
    Licence.objects.create(name="a", holder="旧公司", number="1", valid_until=yesterday)
    Licence.objects.create(name="b", holder="新公司", number="2", valid_until=TODAY)

    assert operator_name(TODAY) == "新公司"


def test_without_a_licence_the_operator_has_no_name() -> None:
    assert operator_name(TODAY) == ""
