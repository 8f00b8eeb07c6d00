"""Payments and the notices of their providers; money in suspense is decided about here."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment
from leaders.admin.records import ShownAdmin, ShownInline
from leaders.errors import DomainError
from orders.admin.money import yuan
from orders.models.payments import Payment, PaymentNotice, Refund
from orders.services.suspense import SuspenseDecision, suspense_resolve


class PaymentRefundInline(ShownInline[Refund, Payment]):
    """What goes back of the payment."""

    num_amount = yuan("amount_fen", _("amount"))
    model = Refund
    fields = ("out_refund_no", "reason", "state", "num_amount", "requested_at", "succeeded_at")
    readonly_fields = fields


@admin.register(Payment)
class PaymentAdmin(ShownAdmin[Payment]):
    """Attempts to pay, by state and by what became of the money."""

    num_amount = yuan("amount_fen", _("amount"))
    num_received = yuan("received_fen", _("money received"))
    num_refund_reserved = yuan("refund_reserved_fen", _("refunds"))
    num_queries = figure("queries", _("queries"))
    shown_succeeded_at = moment("succeeded_at", _("succeeded at"))
    shown_created_at = moment("created_at", _("created at"))
    list_display = (
        "out_trade_no",
        "order_no",
        "provider",
        "state",
        "verdict",
        "num_amount",
        "num_received",
        "num_refund_reserved",
        "shown_succeeded_at",
    )
    list_filter = ("verdict", "state", "provider", "order__campaign")
    list_select_related = ("order",)
    search_fields = ("out_trade_no", "transaction_id", "order__order_no")
    date_hierarchy = "created_at"
    fields = (
        "out_trade_no",
        "order_no",
        "provider",
        "method",
        "transaction_id",
        "state",
        "verdict",
        "num_amount",
        "num_received",
        "num_refund_reserved",
        "shown_created_at",
        "expires_at",
        "shown_succeeded_at",
        "num_queries",
        "next_query_at",
    )
    readonly_fields = fields
    inlines = (PaymentRefundInline,)
    actions = ("suspense_refund", "suspense_accept")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may decide about money."""
        return request.user.has_perm("orders.change_payment")

    @admin.display(description=_("order no."), ordering="order__order_no")
    def order_no(self, payment: Payment) -> str:
        """The order it was meant for."""
        return payment.order.order_no

    @admin.action(description=_("Suspense: send all of it back"), permissions=["decide"])
    def suspense_refund(self, request: HttpRequest, payments: QuerySet[Payment]) -> None:
        """Send suspended money back as it came."""
        self._decide(request, payments, SuspenseDecision.REFUND)

    @admin.action(
        description=_("Suspense: it pays the order, the excess goes back"), permissions=["decide"]
    )
    def suspense_accept(self, request: HttpRequest, payments: QuerySet[Payment]) -> None:
        """Let suspended money pay its order, while that is possible."""
        self._decide(request, payments, SuspenseDecision.ACCEPT)

    def _decide(
        self, request: HttpRequest, payments: QuerySet[Payment], decision: SuspenseDecision
    ) -> None:
        for payment in payments:
            try:
                suspense_resolve(
                    payment_id=payment.pk,
                    decision=decision,
                    actor=f"user:{request.user.pk}",
                    now=timezone.now(),
                )
            except DomainError as error:
                text = f"{payment}: {gettext(error.message)}"
                self.message_user(request, text, messages.ERROR)
                continue
            self.log_change(request, payment, decision.value)
            text = gettext("{payment} is decided.").format(payment=payment)
            self.message_user(request, text, messages.SUCCESS)


@admin.register(PaymentNotice)
class PaymentNoticeAdmin(ShownAdmin[PaymentNotice]):
    """The inbox: what providers told us, and what came of it."""

    shown_received_at = moment("received_at", _("received at"))
    list_display = ("notice_id", "provider", "result", "shown_received_at")
    list_filter = ("provider", "result")
    search_fields = ("notice_id",)
    date_hierarchy = "received_at"
    fields = ("notice_id", "provider", "result", "body_hash", "shown_received_at")
    readonly_fields = fields
