"""The books, only shown: trial balance, accounts with their statements, every transfer."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import Column, moment
from leaders.admin.records import ShownAdmin
from orders.admin.money import yuan
from orders.models.ledger import Account, DailyBalance, Transfer
from orders.selectors.ledger import account_statement, closed_through, trial_balance_on
from orders.selectors.ledger_wording import EVENT_LABELS, account_text, event_text, kind_text

STATEMENT_DAYS = 7
ENTRIES_PER_PAGE = 100


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DayForm(forms.Form):
    """The day of a trial balance; empty is now."""

    day = forms.DateField(label=_("end of"), required=False, widget=_day_input())


class PeriodForm(forms.Form):
    """The days of a statement, both included."""

    since = forms.DateField(label=_("first day"), widget=_day_input())
    until = forms.DateField(label=_("last day"), widget=_day_input())


def _turnover(side: str, closed: date | None) -> CombinedExpression:
    """What an account's side has moved: the stored sum of closed days, and what came since."""
    stored = DailyBalance.objects.filter(account=OuterRef("pk")).order_by("-business_date")
    rows = Transfer.objects.filter(**{side: OuterRef("pk")})
    if closed is not None:
        rows = rows.filter(business_date__gt=closed)
    summed = rows.order_by().values(side).annotate(fen=Sum("amount_fen")).values("fen")
    whole = BigIntegerField()
    return Coalesce(Subquery(stored.values(f"{side}_fen")[:1], output_field=whole), 0) + Coalesce(
        Subquery(summed, output_field=whole), 0
    )


@admin.register(Account)
class AccountAdmin(ShownAdmin[Account]):
    """Balances of all accounts; from here to the statement of each."""

    num_debit = yuan("debit_fen", _("debits"))
    num_credit = yuan("credit_fen", _("credits"))
    num_balance = yuan("balance_fen", _("balance (debits less credits)"))
    in_words = Column("code", _("account"), account_text, "code")
    kind_in_words = Column("kind", _("kind"), kind_text, "kind")
    list_display = (
        "in_words",
        "kind_in_words",
        "num_debit",
        "num_credit",
        "num_balance",
        "statement_link",
    )
    search_fields = ("code",)
    fields = (
        "in_words",
        "code",
        "kind_in_words",
        "num_debit",
        "num_credit",
        "num_balance",
        "statement_link",
    )
    readonly_fields = fields
    change_list_template = "admin/orders/account/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Sum both sides in the same query."""
        closed = closed_through()
        return (
            super()
            .get_queryset(request)
            .annotate(debit_fen=_turnover("debit", closed), credit_fen=_turnover("credit", closed))
            .annotate(balance_fen=F("debit_fen") - F("credit_fen"))
        )

    def get_urls(self) -> list[URLPattern]:
        """The two pages that are no list and no row."""
        return [
            path(
                "trial-balance/",
                self.admin_site.admin_view(self.trial_balance_view),
                name="orders_account_trial_balance",
            ),
            path(
                "<int:account_id>/statement/",
                self.admin_site.admin_view(self.statement_view),
                name="orders_account_statement",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("statement"))
    def statement_link(self, account: Account) -> SafeString:
        """To every entry of the account."""
        address = reverse("admin:orders_account_statement", args=[account.pk])
        return format_html('<a href="{}">{}</a>', address, _("statement"))

    def trial_balance_view(self, request: HttpRequest) -> HttpResponse:
        """All accounts at the end of a day, and that they balance."""
        self._view_required(request)
        form = DayForm(request.GET or None)
        day = form.cleaned_data["day"] if form.is_valid() else None
        rows = [row for row in trial_balance_on(day) if row.debit_fen or row.credit_fen]
        context = {
            **self._context(request, _("Trial balance")),
            "form": form,
            "closed_through": closed_through(),
            "rows": [(row, account_text(row.code), kind_text(row.kind)) for row in rows],
            "debit_fen": sum(row.debit_fen for row in rows),
            "credit_fen": sum(row.credit_fen for row in rows),
        }
        return TemplateResponse(request, "admin/orders/account/trial_balance.html", context)

    def statement_view(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """An account's entries from day to day with the balance after each."""
        self._view_required(request)
        account = get_object_or_404(Account, pk=account_id)
        today = timezone.localdate()
        period = {"since": today - timedelta(days=STATEMENT_DAYS - 1), "until": today}
        asked = PeriodForm(request.GET)
        if asked.is_valid():
            period = asked.cleaned_data
        statement = account_statement(account_id=account_id, **period)
        page = Paginator(range(statement.count()), ENTRIES_PER_PAGE).get_page(
            request.GET.get("page")
        )
        start = (page.number - 1) * ENTRIES_PER_PAGE
        context = {
            **self._context(request, account_text(account.code)),
            "form": PeriodForm(initial=period),
            "account": account,
            "period": period,
            "opening_fen": statement.opening_fen,
            "page": page,
            "entries": [
                (entry, event_text(entry.event), account_text(entry.other_code))
                for entry in statement.entries(start, start + ENTRIES_PER_PAGE)
            ],
        }
        return TemplateResponse(request, "admin/orders/account/statement.html", context)

    def _view_required(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _context(self, request: HttpRequest, title: object) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}


class EventFilter(admin.SimpleListFilter):
    """Business events in words."""

    title = _("business event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All events there are."""
        return [(event.value, label) for event, label in EVENT_LABELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> QuerySet[Transfer]:
        """Transfers of the chosen event."""
        event = self.value()
        return queryset.filter(event=event) if event else queryset


@admin.register(Transfer)
class TransferAdmin(ShownAdmin[Transfer]):
    """Every movement of money, append-only."""

    num_amount = yuan("amount_fen", _("amount"))
    shown_created_at = moment("created_at", _("created at"))
    event_in_words = Column("event", _("business event"), event_text, "event")
    debit_in_words = Column("debit__code", _("debit"), account_text, "debit__code")
    credit_in_words = Column("credit__code", _("credit"), account_text, "credit__code")
    list_display = (
        "business_date",
        "event_in_words",
        "debit_in_words",
        "credit_in_words",
        "num_amount",
        "ref_id",
        "shown_created_at",
    )
    list_filter = ("business_date", EventFilter)
    list_select_related = ("debit", "credit")
    search_fields = ("idem_key", "ref_id", "order__order_no")
    fields = (
        "business_date",
        "event_in_words",
        "debit_in_words",
        "credit_in_words",
        "num_amount",
        "ref_type",
        "ref_id",
        "order",
        "reverses",
        "idem_key",
        "created_at",
    )
    readonly_fields = fields
    ordering = ("-pk",)
