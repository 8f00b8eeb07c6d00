"""State fields against the tables that say how their states move."""

import pytest
from django.apps import apps
from django.db.models import Field, Model

from fulfillment.domain.cutoff_run import STEP_LIFECYCLE
from fulfillment.domain.lifecycle import (
    COMMISSION_LIFECYCLE,
    DELIVERY_RUN_LIFECYCLE,
    EXCEPTION_CASE_LIFECYCLE,
    HANDOVER_LIFECYCLE,
    PAYOUT_BATCH_LIFECYCLE,
    PAYOUT_LIFECYCLE,
    PLAN_DRAFT_LIFECYCLE,
    PURCHASE_ORDER_LIFECYCLE,
    SETTLEMENT_LIFECYCLE,
    SORT_TASK_LIFECYCLE,
    STOP_LIFECYCLE,
    SUPPLIER_CLAIM_LIFECYCLE,
    SUPPLIER_STATEMENT_LIFECYCLE,
    TOTE_LIFECYCLE,
)
from fulfillment.domain.reports import REPORT_LIFECYCLE
from fulfillment.models.cutoff_run import StepRecord
from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.payouts import Payout, PayoutBatch
from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.models.reports import ReportRun
from fulfillment.models.settlement import CommissionEntry, SettlementStatement
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierStatement
from fulfillment.models.warehouse import SortTask, Tote
from leaders.domain.lifecycle import (
    APPLICATION_LIFECYCLE,
    COUNTERSIGNATURE_LIFECYCLE,
    LEADER_EXIT_LIFECYCLE,
    LEADER_LIFECYCLE,
    LEVEL_REVIEW_LIFECYCLE,
    Lifecycle,
)
from leaders.models.applications import LeaderApplication
from leaders.models.care import LeaderExit
from leaders.models.countersignatures import Countersignature
from leaders.models.leaders import Leader
from leaders.models.level_reviews import LevelReview
from orders.domain.lifecycle import (
    CAMPAIGN_LIFECYCLE,
    CLAIM_LIFECYCLE,
    JIELONG_ENTRY_LIFECYCLE,
    ORDER_LIFECYCLE,
    PAYMENT_LIFECYCLE,
    PERSON_REQUEST_LIFECYCLE,
    REFUND_LIFECYCLE,
)
from orders.models.campaigns import Campaign
from orders.models.claims import Claim
from orders.models.jielong import JielongEntry
from orders.models.orders import Order
from orders.models.payments import Payment, Refund
from orders.models.personal_data import PersonRequest

TABLES: list[tuple[type[Model], Lifecycle]] = [
    (LeaderApplication, APPLICATION_LIFECYCLE),
    (Leader, LEADER_LIFECYCLE),
    (LeaderExit, LEADER_EXIT_LIFECYCLE),
    (LevelReview, LEVEL_REVIEW_LIFECYCLE),
    (Countersignature, COUNTERSIGNATURE_LIFECYCLE),
    (Campaign, CAMPAIGN_LIFECYCLE),
    (Order, ORDER_LIFECYCLE),
    (Payment, PAYMENT_LIFECYCLE),
    (Refund, REFUND_LIFECYCLE),
    (Claim, CLAIM_LIFECYCLE),
    (PersonRequest, PERSON_REQUEST_LIFECYCLE),
    (JielongEntry, JIELONG_ENTRY_LIFECYCLE),
    (SettlementStatement, SETTLEMENT_LIFECYCLE),
    (PayoutBatch, PAYOUT_BATCH_LIFECYCLE),
    (Payout, PAYOUT_LIFECYCLE),
    (StepRecord, STEP_LIFECYCLE),
    (PurchaseOrder, PURCHASE_ORDER_LIFECYCLE),
    (SortTask, SORT_TASK_LIFECYCLE),
    (Tote, TOTE_LIFECYCLE),
    (DeliveryRun, DELIVERY_RUN_LIFECYCLE),
    (PlanDraft, PLAN_DRAFT_LIFECYCLE),
    (Stop, STOP_LIFECYCLE),
    (Handover, HANDOVER_LIFECYCLE),
    (CommissionEntry, COMMISSION_LIFECYCLE),
    (ExceptionCase, EXCEPTION_CASE_LIFECYCLE),
    (SupplierClaim, SUPPLIER_CLAIM_LIFECYCLE),
    (ReportRun, REPORT_LIFECYCLE),
    (SupplierStatement, SUPPLIER_STATEMENT_LIFECYCLE),
]


def state_field(model: type[Model]) -> "Field[str, str]":
    field = model._meta.get_field("state")
    assert isinstance(field, Field)
    return field


def test_every_state_field_has_its_table() -> None:
    stateful = {
        model
        for app in ("leaders", "orders", "fulfillment")
        for model in apps.get_app_config(app).get_models()
        if any(field.name == "state" for field in model._meta.get_fields())
    }

    assert stateful == {model for model, _lifecycle in TABLES}


@pytest.mark.parametrize(("model", "lifecycle"), TABLES)
def test_a_state_field_offers_the_states_of_its_table(
    model: type[Model], lifecycle: Lifecycle
) -> None:
    offered = {value for value, _label in state_field(model).choices or ()}

    assert offered == lifecycle.states


@pytest.mark.parametrize(("model", "lifecycle"), TABLES)
def test_a_new_row_starts_where_its_table_starts(model: type[Model], lifecycle: Lifecycle) -> None:
    assert state_field(model).default in lifecycle.initial
