"""The rules a new operator starts with."""

from datetime import UTC, datetime

import pytest

from orders.models.legal import RuleKind, RulePage
from orders.services.legal import default_rules_write

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_every_kind_gets_a_text_once() -> None:
    assert default_rules_write(now=NOW) == 3
    assert default_rules_write(now=NOW) == 0

    assert set(RulePage.objects.values_list("kind", flat=True)) == set(RuleKind.values)


def test_a_kind_with_a_text_of_its_own_is_left_alone() -> None:
    RulePage.objects.create(kind=RuleKind.TERMS, version="1", body="我们的规则", published_at=NOW)

    assert default_rules_write(now=NOW) == 2

    assert RulePage.objects.get(kind=RuleKind.TERMS).body == "我们的规则"


def test_the_texts_say_what_the_law_asks_for() -> None:
    default_rules_write(now=NOW)

    texts = dict(RulePage.objects.values_list("kind", "body"))

    assert "自营" in texts["terms"]
    assert "个人信息" in texts["privacy"]
    assert "无理由退货" in texts["after_sales"]
