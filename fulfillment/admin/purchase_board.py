"""The purchase board: what needs the buyer's decision first, then all orders of a run."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fulfillment.admin.purchase_words import objection_text
from fulfillment.forms.purchase_board import DecisionForm
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.selectors.purchase_desk import DeskOrder, purchase_desk
from fulfillment.selectors.runs import runs_newest_first, runs_of_newest_days
from fulfillment.services.purchase_changes import (
    purchase_line_move,
    purchase_lines_give_up,
    purchase_order_buy_up,
)
from fulfillment.services.purchase_papers import purchase_papers_print
from fulfillment.services.purchasing import purchase_order_approve
from fulfillment.services.supplier_links import supplier_address, supplier_token
from leaders.errors import DomainError
from leaders.models.accounts import User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _AdminClass = ModelAdmin[PurchaseOrder]
else:
    _AdminClass = object

DAYS_OFFERED = 14


class PurchaseBoard(_AdminClass):
    """The board's pages; to be mixed into the admin class of purchase orders."""

    def get_urls(self) -> list[URLPattern]:
        """The board beside Django's own pages."""
        guard = self.admin_site.admin_view
        name = "fulfillment_purchaseorder_board"
        return [
            path("board/", guard(self.board_view), name=name),
            path("board/<str:code>/", guard(self.board_view), name=f"{name}_run"),
            path(
                "board/<str:code>/decide/",
                guard(require_POST(self.decide_view)),
                name=f"{name}_decide",
            ),
            *super().get_urls(),
        ]

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may move purchase orders on."""
        return request.user.has_perm("fulfillment.change_purchaseorder")

    def board_view(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """The board of a run, of the newest one if none is named."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        runs = runs_newest_first()
        run = get_object_or_404(runs, campaign__code=code) if code else runs.first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Purchase board"),
            "opts": self.opts,
            "run": run,
            "runs": runs_of_newest_days(DAYS_OFFERED),
            "may_decide": self.has_run_permission(request),
        }
        if run is not None:
            desk = purchase_desk(run, now=timezone.now(), today=timezone.localdate())
            context |= {
                "desk": desk,
                "rows": [_row(row) for row in desk.exceptions]
                + [_row(row) for row in desk.orders if not row.objections],
            }
        return TemplateResponse(request, "admin/fulfillment/purchaseorder/board.html", context)

    def decide_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Carry out one decision and say what came of it."""
        if not self.has_run_permission(request):
            raise PermissionDenied
        run = get_object_or_404(runs_newest_first(), campaign__code=code)
        back = reverse("admin:fulfillment_purchaseorder_board_run", args=[code])
        form = DecisionForm(run, request.POST)
        if not form.is_valid():
            for problem in (text for texts in form.errors.values() for text in texts):
                self.message_user(request, str(problem), messages.ERROR)
            return HttpResponseRedirect(back)
        order: PurchaseOrder = form.cleaned_data["order"]
        try:
            changed = _DECISIONS[form.cleaned_data["action"]](
                form.cleaned_data, cast(User, request.user)
            )
            self._print(request, run, changed)
        except DomainError as error:
            self.message_user(request, f"{order}: {_(error.message)}", messages.ERROR)
        else:
            said = _DONE[form.cleaned_data["action"]]()
            self.log_change(request, order, f"{said} {form.cleaned_data['reason']}".strip())
            self.message_user(request, f"{order}: {said}", messages.SUCCESS)
        return HttpResponseRedirect(f"{back}#{order.po_no}")

    def _print(self, request: HttpRequest, run: CutoffRun, orders: list[PurchaseOrder]) -> None:
        purchase_papers_print(
            run=run, orders=orders, actor=cast(User, request.user), now=timezone.now()
        )


def _row(row: DeskOrder) -> dict[str, Any]:
    """An order of the board with its sentences, and the link its supplier has."""
    is_sent = row.order.approved_at is not None and not row.order.supplier.is_market
    return {
        "desk": row,
        "order": row.order,
        "objections": [objection_text(objection) for objection in row.objections],
        "link": supplier_address(supplier_token(row.order)) if is_sent else "",
        "suppliers": sorted(
            {supplier for line in row.lines if line.is_open for supplier in line.elsewhere},
            key=lambda supplier: supplier.code,
        ),
    }


def _approve(given: Mapping[str, Any], actor: User) -> list[PurchaseOrder]:
    purchase_order_approve(
        purchase_order=given["order"], actor=actor, note=given["reason"], now=timezone.now()
    )
    return [given["order"]]


def _buy_up(given: Mapping[str, Any], actor: User) -> list[PurchaseOrder]:
    purchase_order_buy_up(
        purchase_order=given["order"], reason=given["reason"], actor=actor, now=timezone.now()
    )
    return [given["order"]]


def _give_up(given: Mapping[str, Any], _actor: User) -> list[PurchaseOrder]:
    purchase_lines_give_up(
        purchase_order=given["order"],
        line_ids=[line.pk for line in given["lines"]],
        reason=given["reason"],
        now=timezone.now(),
    )
    return [given["order"]]


def _move(given: Mapping[str, Any], _actor: User) -> list[PurchaseOrder]:
    moved = [
        purchase_line_move(
            purchase_line=line,
            supplier=given["supplier"],
            reason=given["reason"],
            now=timezone.now(),
        )
        for line in given["lines"]
    ]
    return [given["order"], *(line.purchase_order for line in moved if line is not None)]


_DECISIONS: Mapping[str, Callable[[Mapping[str, Any], User], list[PurchaseOrder]]] = {
    "approve": _approve,
    "buy_up": _buy_up,
    "give_up": _give_up,
    "move": _move,
}
_DONE: Mapping[str, Callable[[], str]] = {
    "approve": lambda: _("approved and sent."),
    "buy_up": lambda: _("bought up to the minimum, approved and sent."),
    "give_up": lambda: _("lines given up; their residents will be refunded."),
    "move": lambda: _("lines moved to the other supplier; its order is to be approved."),
}
