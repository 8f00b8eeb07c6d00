"""Refunds, only shown: services request them and the gateway pays them out."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import NOTHING, figure, moment
from leaders.admin.records import ShownAdmin, ShownInline
from leaders.errors import DomainError
from orders.admin.money import yuan
from orders.models.payments import Refund, RefundLine
from orders.services.refund_submission import refund_renew


class RefundLineInline(ShownInline[RefundLine, Refund]):
    """The goods the money goes back for."""

    num_qty = figure("qty", _("quantity"))
    num_amount = yuan("amount_fen", _("amount"))
    model = RefundLine
    fields = ("sku", "num_qty", "num_amount")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundLine]:
        """Fetch the order lines in the same query."""
        return super().get_queryset(request).select_related("order_line__sku")

    @admin.display(description=_("name and spec"))
    def sku(self, line: RefundLine) -> str:
        """The goods as they were called when they were ordered."""
        return f"{line.order_line.sku.code} {line.order_line.sku_name}"


@admin.register(Refund)
class RefundAdmin(ShownAdmin[Refund]):
    """Money on its way back, by reason and state."""

    num_amount = yuan("amount_fen", _("amount"))
    num_attempts = figure("attempts", _("attempts"))
    shown_requested_at = moment("requested_at", _("requested at"))
    shown_succeeded_at = moment("succeeded_at", _("paid back at"))
    list_display = (
        "out_refund_no",
        "reason",
        "state",
        "num_amount",
        "order_no",
        "leader",
        "shown_requested_at",
        "shown_succeeded_at",
        "shown_error",
    )
    list_filter = ("reason", "state", "payment__order__campaign")
    list_select_related = ("payment__order__leader",)
    search_fields = ("out_refund_no", "payment__order__order_no")
    date_hierarchy = "requested_at"
    fields = (
        "out_refund_no",
        "reason",
        "state",
        "num_amount",
        "order_no",
        "leader",
        "requested_at",
        "succeeded_at",
        "num_attempts",
        "next_attempt_at",
        "provider_refund_id",
        "shown_error",
    )
    readonly_fields = fields
    inlines = (RefundLineInline,)
    actions = ("try_again",)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may decide about money."""
        return request.user.has_perm("orders.change_refund")

    @admin.action(description=_("Try failed refunds again"), permissions=["decide"])
    def try_again(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        """Send abnormal refunds at once, and ask for closed ones anew."""
        for refund in refunds:
            try:
                renewed = refund_renew(refund_id=refund.pk, now=timezone.now())
            except DomainError as error:
                text = f"{refund}: {gettext(error.message)}"
                self.message_user(request, text, messages.ERROR)
                continue
            self.log_change(request, refund, str(renewed))
            text = gettext("{refund} is being sent again.").format(refund=renewed)
            self.message_user(request, text, messages.SUCCESS)

    @admin.display(description=_("error"))
    def shown_error(self, refund: Refund) -> str:
        """Our own words translated, the provider's as they are."""
        return gettext(refund.error) if refund.error else NOTHING

    @admin.display(description=_("order no."), ordering="payment__order__order_no")
    def order_no(self, refund: Refund) -> str:
        """The order the money came from."""
        return refund.payment.order.order_no

    @admin.display(description=_("leader"), ordering="payment__order__leader__code")
    def leader(self, refund: Refund) -> str:
        """Whose group the order was placed in."""
        return str(refund.payment.order.leader)
