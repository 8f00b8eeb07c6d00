"""The figures over the queue, from claims of the last 30 days."""

from datetime import timedelta

import pytest

from fulfillment.selectors.claim_figures import claim_figures
from fulfillment.services.claim_decisions import claim_answer
from leaders.models.accounts import Role
from orders.models.campaigns import Campaign
from orders.models.claims import Claim
from orders.services.claims import ClaimDecision
from tests.factories.claims import FILED, claim_of, sold
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderLineFactory

pytestmark = pytest.mark.django_db

NOW = FILED + timedelta(days=1)


def test_medians_and_rates_are_those_of_the_window() -> None:
    goods = sold()
    Campaign.objects.update(delivery_date=FILED.date())
    OrderLineFactory.create(order=goods.line.order, line_no=2, qty=2)
    first, second = claim_of(goods, asked_fen=500), claim_of(goods, asked_fen=500)
    for claim, hours, fen in ((first, 2, 300), (second, 6, 100)):
        claim_answer(
            claim_id=claim.pk,
            decision=ClaimDecision(approve=True, refund_fen=fen),
            choice=None,
            actor=UserFactory.create(role=Role.SERVICE),
            now=FILED + timedelta(hours=hours),
        )
    Claim.objects.filter(pk=second.pk).update(
        reply="正在核实", replied_at=FILED + timedelta(minutes=20)
    )

    figures = claim_figures(NOW)

    # 20 minutes and 2 hours to the first word, 2 and 6 hours to the answer.
    assert (figures.first_answer_minutes, figures.resolution_hours) == (70, 4)
    assert figures.total[3:] == (2, 2, 2_000, 400)
    assert (figures.total.claim_bp, figures.total.refund_bp) == (10_000, 2_000)
    assert [rate.code for rate in figures.leaders] == [goods.leader.code]
    assert [(rate.code, rate.claims, rate.lines) for rate in figures.skus] == [
        (goods.line.sku.code, 2, 1)
    ]


def test_older_days_and_nothing_at_all_do_not_count() -> None:
    goods = sold()
    Campaign.objects.update(delivery_date=FILED.date() - timedelta(days=40))
    claim_of(goods, filed_at=FILED - timedelta(days=40))

    figures = claim_figures(NOW)

    assert (figures.first_answer_minutes, figures.resolution_hours) == (None, None)
    assert figures.total[3:] == (0, 0, 0, 0)
    assert (figures.total.claim_bp, figures.total.refund_bp) == (0, 0)
    assert (figures.leaders, figures.skus) == ((), ())
