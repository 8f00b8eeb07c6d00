"""Orders and payments, only shown; residents' phones are masked."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment
from leaders.admin.records import ShownAdmin, ShownInline
from leaders.domain.phones import mask_name, mask_phone
from leaders.models.accounts import Role, User
from orders.admin.money import yuan
from orders.domain.money import yuan_text
from orders.models.orders import Order, OrderLine
from orders.models.payments import Payment
from orders.selectors.ledger import order_money


class OrderLineInline(ShownInline[OrderLine, Order]):
    """What the order asks for."""

    num_qty = figure("qty", _("quantity"))
    num_unit_price = yuan("unit_price_fen", _("price"))
    num_amount = yuan("amount_fen", _("amount"))
    model = OrderLine
    fields = (
        "line_no",
        "sku_code",
        "sku_name",
        "num_qty",
        "unit",
        "num_unit_price",
        "num_amount",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        """Fetch the SKUs in the same query."""
        return super().get_queryset(request).select_related("sku")

    @admin.display(description=_("SKU"))
    def sku_code(self, line: OrderLine) -> str:
        """The SKU's code."""
        return line.sku.code


class PaymentInline(ShownInline[Payment, Order]):
    """Every attempt to pay the order."""

    num_amount = yuan("amount_fen", _("amount"))
    num_refund_reserved = yuan("refund_reserved_fen", _("refunds"))
    model = Payment
    fields = (
        "out_trade_no",
        "provider",
        "state",
        "verdict",
        "num_amount",
        "num_refund_reserved",
        "succeeded_at",
    )
    readonly_fields = fields


DOOR = ("building", "room")


@admin.register(Order)
class OrderAdmin(ShownAdmin[Order]):
    """Prepaid orders as they were placed."""

    num_total = yuan("total_fen", _("total"))
    shown_paid_at = moment("paid_at", _("paid at"))
    list_display = (
        "order_no",
        "campaign",
        "leader",
        "resident_masked",
        "state",
        "source",
        "num_total",
        "shown_paid_at",
    )
    list_filter = ("state", "source", "campaign")
    list_select_related = ("campaign", "leader")
    search_fields = ("order_no", "leader__code", "resident__code")
    fields = (
        "order_no",
        "campaign",
        "leader",
        "pickup_point",
        "pickup_no",
        "resident_masked",
        "building",
        "room",
        "state",
        "source",
        "num_total",
        "money_in_the_books",
        "placed_at",
        "paid_at",
    )
    readonly_fields = fields
    inlines = (OrderLineInline, PaymentInline)

    def get_fields(self, request: HttpRequest, obj: Order | None = None) -> tuple[str, ...]:
        """Auditors read orders, and not at which door they live."""
        user = cast(User, request.user)
        hidden = DOOR if user.role == Role.COMPLIANCE and not user.is_superuser else ()
        return tuple(name for name in self.fields if name not in hidden)

    @admin.display(description=_("resident"))
    def resident_masked(self, order: Order) -> str:
        """Surname and last four digits."""
        return f"{mask_name(order.resident_name)} {mask_phone(order.resident_phone)}"

    @admin.display(description=_("in the books"))
    def money_in_the_books(self, order: Order) -> str:
        """What the ledger says of the order; nothing is prepaid when it is over."""
        money = order_money(order.pk)
        figures = {
            _("came in"): money.received_fen,
            _("paid back"): money.refunded_fen,
            _("to be paid back"): money.refund_payable_fen,
            _("sold"): money.sold_fen,
            _("prepaid"): money.prepaid_fen,
            _("in suspense"): money.suspense_fen,
        }
        return " · ".join(f"{label} {yuan_text(fen)}" for label, fen in figures.items() if fen)
