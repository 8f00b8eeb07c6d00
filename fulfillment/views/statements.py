"""Statements of leaders: on the phone, on paper and as a workbook."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.models.settlement import SettlementStatement
from fulfillment.selectors.leader_money import commission_held_of_leader
from fulfillment.selectors.line_trace import line_trace, lines_of_leader
from fulfillment.selectors.statement_pages import statement_page, statements_of_leader
from fulfillment.services.statement_files import statement_paper, statement_workbook
from leaders.http import LeaderRequest, UserRequest, leader_page, role_required
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from leaders.models.payees import Payee
from leaders.selectors.leaders import leader_of_user
from orders.models.orders import OrderLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATEMENTS_SHOWN = 60


@require_GET
@leader_page
def statement_list(request: LeaderRequest) -> HttpResponse:
    """My statements, what is due next, and whether my payee is verified."""
    context = {
        "statements": statements_of_leader(request.leader)[:STATEMENTS_SHOWN],
        "commission": commission_held_of_leader(request.leader),
        "payee": Payee.objects.filter(leader=request.leader).first(),
    }
    return render(request, "fulfillment/settlement/statements.html", context)


@require_GET
@role_required(Role.LEADER, Role.FINANCE)
def statement(request: UserRequest, no: str) -> HttpResponse:
    """Every entry of a statement and how it becomes the net."""
    page = statement_page(_statement(request, no))
    context = {
        "page": page,
        "is_leader": _leader_of(request) is not None,
        "wechat": {name: settings.WECHATPAY[name] for name in ("merchant_id", "app_id")},
    }
    return render(request, "fulfillment/settlement/statement.html", context)


@require_GET
@role_required(Role.LEADER, Role.FINANCE)
def statement_pdf(request: UserRequest, no: str) -> HttpResponse:
    """The statement on paper."""
    paper = statement_paper(_statement(request, no))
    response = HttpResponse(paper.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{no}.pdf"'
    return response


@require_GET
@role_required(Role.LEADER, Role.FINANCE)
def statement_xlsx(request: UserRequest, no: str) -> HttpResponse:
    """The statement as a workbook."""
    book = statement_workbook(_statement(request, no))
    response = HttpResponse(book.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{no}.xlsx"'
    return response


@require_GET
@role_required(Role.LEADER, Role.FINANCE)
def trace(request: UserRequest, order_no: str, line_no: int) -> HttpResponse:
    """One order line's money from the payment to the payout; leaders see their own account."""
    leader = _leader_of(request)
    lines = OrderLine.objects.all() if leader is None else lines_of_leader(leader)
    line = get_object_or_404(
        lines.select_related("order__campaign", "order__leader", "order__reseller", "sku", "offer"),
        order__order_no=order_no,
        line_no=line_no,
    )
    context = {"trace": line_trace(line, leader), "is_leader": leader is not None}
    return render(request, "fulfillment/settlement/trace.html", context)


def _statement(request: UserRequest, no: str) -> SettlementStatement:
    leader = _leader_of(request)
    statements = SettlementStatement.objects.select_related("leader", "carried_into")
    if leader is not None:
        statements = statements.filter(leader=leader)
    return get_object_or_404(statements, statement_no=no)


def _leader_of(request: UserRequest) -> Leader | None:
    """The leader whose own data the page is limited to; None for finance."""
    if request.user.role != Role.LEADER or request.user.is_superuser:
        return None
    leader = leader_of_user(request.user)
    if leader is None:
        raise PermissionDenied(_("This log-in does not belong to a leader."))
    return leader
