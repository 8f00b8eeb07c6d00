"""The leader's desk for group chains: paste, settle what is unclear, pass the links on."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page
from orders.forms import ChainForm, ChainRowForm, quantity
from orders.models.campaigns import Campaign, Offer
from orders.models.jielong import JielongEntry, JielongEntryState, JielongImport
from orders.models.residents import Resident
from orders.selectors.jielong import (
    JielongRow,
    campaigns_for_chains,
    candidates_of,
    counts_of,
    entry_of,
    import_of,
    imports_of,
    links_text,
    offers_to_pick,
    prepaid_total_fen,
    prepaid_waiting,
    rows_of,
    unknown_words,
)
from orders.services.jielong import (
    Decision,
    ImportOutcome,
    alias_learn,
    jielong_dismiss,
    jielong_import,
    jielong_reopen,
    jielong_resolve,
)
from orders.services.jielong_prepayment import jielong_prepay
from orders.services.jielong_wording import operation_text, problem_text

IMPORTS_SHOWN = 20
QTY_PREFIX = "qty-"


@require_http_methods(["GET", "POST"])
@leader_page
def chains(request: LeaderRequest) -> HttpResponse:
    """Paste a chain, and look at the ones before."""
    now = timezone.now()
    campaigns = campaigns_for_chains(request.leader, now)
    code = request.POST.get("campaign") or request.GET.get("campaign")
    chosen = next((each for each in campaigns if each.code == code), None)
    if chosen is None and campaigns and not request.POST.get("campaign"):
        chosen = campaigns[0]
    form = ChainForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and chosen is None:
        form.add_error(None, _("This campaign takes no more orders."))
    elif request.method == "POST" and chosen is not None and form.is_valid():
        try:
            outcome = jielong_import(
                leader=request.leader,
                campaign=chosen,
                text=form.cleaned_data["text"],
                actor=request.user,
                now=now,
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            _tell_outcome(request, outcome)
            return redirect("leader-jielong-import", outcome.jielong_import.pk)
    context = {
        "form": form,
        "chosen": chosen,
        "options": _options(campaigns, chosen),
        "imports": imports_of(request.leader)[:IMPORTS_SHOWN],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/leader/jielong.html", context, status=status)


@require_GET
@leader_page
def chain(request: LeaderRequest, pk: int) -> HttpResponse:
    """One snapshot: what is unclear first, one row open at a time."""
    return _page(request, _import_or_404(request, pk))


@require_POST
@leader_page
def row(request: LeaderRequest, pk: int) -> HttpResponse:
    """Settle, dismiss or take up one row, and go on to the next unclear one."""
    entry = entry_of(request.leader, pk)
    if entry is None:
        raise Http404(_("There is no such row."))
    now = timezone.now()
    try:
        if request.POST.get("action") == "dismiss":
            reason = request.POST.get("reason", "")
            jielong_dismiss(entry=entry, reason=reason, actor=request.user, now=now)
        elif request.POST.get("action") == "reopen":
            jielong_reopen(entry=entry, actor=request.user, now=now)
        else:
            form = ChainRowForm(request.POST)
            if not form.is_valid():
                return _page(request, entry.jielong_import, entry.pk, form)
            decision = _decision(request, form)
            jielong_resolve(entry=entry, decision=decision, actor=request.user, now=now)
            _learn(request, entry)
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect(f"{_address(entry.jielong_import)}?row={entry.pk}#row-{entry.pk}")
    return redirect(f"{_address(entry.jielong_import)}#rows")


@require_POST
@leader_page
def prepay(request: LeaderRequest, pk: int) -> HttpResponse:
    """Place the chosen rows as orders that the leader pays, one after another."""
    found = _import_or_404(request, pk)
    chosen = [int(key) for key in request.POST.getlist("entry") if key.isascii() and key.isdigit()]
    entries = JielongEntry.objects.filter(jielong_import=found, pk__in=chosen)
    prepaid = jielong_prepay(
        leader=request.leader,
        entries=list(entries.select_related("jielong_import", "resident").order_by("position")),
        now=timezone.now(),
    )
    for each in prepaid:
        if each.error is not None:
            messages.warning(request, f"{each.entry.nickname}：{_(each.error.message)}")
    return redirect(f"{_address(found)}#waiting")


def _page(
    request: LeaderRequest,
    found: JielongImport,
    open_pk: int | None = None,
    form: ChainRowForm | None = None,
) -> HttpResponse:
    rows = rows_of(found)
    opened = _opened(request, rows, open_pk)
    waiting = prepaid_waiting(found)
    ready = [each for each in rows if each.entry.state == JielongEntryState.READY]
    context = {
        "chain": found,
        "rows": [_described(each) for each in rows if each is not opened],
        "opened": _described(opened) if opened else None,
        "form": form or (_form(opened) if opened else None),
        "offers": offers_to_pick(found, opened) if opened else (),
        "candidates": candidates_of(opened) if opened else (),
        "unknown": unknown_words(opened) if opened else (),
        "counts": counts_of(rows),
        "ready": ready,
        "links": links_text(ready),
        "waiting": waiting,
        "waiting_fen": prepaid_total_fen(waiting),
    }
    status = 422 if form is not None else 200
    return render(request, "orders/leader/jielong_import.html", context, status=status)


def _opened(
    request: LeaderRequest, rows: Sequence[JielongRow], pk: int | None
) -> JielongRow | None:
    """The row that was asked for, or the first that is unclear."""
    asked = str(pk or request.GET.get("row", ""))
    open_states = (JielongEntryState.UNCLEAR, JielongEntryState.READY)
    for each in rows:
        if str(each.entry.pk) == asked and each.entry.state in open_states:
            return each
    unclear = (each for each in rows if each.entry.state == JielongEntryState.UNCLEAR)
    return next(unclear, None)


def _described(row: JielongRow) -> dict[str, object]:
    """A row with its doubts and its operation in words."""
    return {
        "row": row,
        "problems": [problem_text(problem) for problem in row.problems],
        "operation": operation_text(row.entry.operation),
        "confidence": row.entry.confidence_bp // 100,
    }


def _form(row: JielongRow) -> ChainRowForm:
    entry = row.entry
    return ChainRowForm(
        initial={"nickname": entry.nickname, "building": entry.building, "room": entry.room}
    )


def _decision(request: LeaderRequest, form: ChainRowForm) -> Decision:
    picked = {
        int(name.removeprefix(QTY_PREFIX)): quantity(str(text))
        for name, text in request.POST.items()
        if name.startswith(QTY_PREFIX) and name.removeprefix(QTY_PREFIX).isdecimal()
    }
    more = request.POST.get("more", "")
    if more.isdecimal():
        picked[int(more)] = quantity(request.POST.get("more_qty", "")) or 1
    resident = request.POST.get("resident", "")
    mine = Resident.objects.filter(leader=request.leader, restricted_at=None)
    return Decision(
        quantities=picked,
        resident=mine.filter(pk=int(resident)).first() if resident.isdecimal() else None,
        **form.cleaned_data,
    )


def _learn(request: LeaderRequest, entry: JielongEntry) -> None:
    """Remember what a word means, where the leader asked for it and one kind of goods was added."""
    word, offer_id = request.POST.get("word", ""), request.POST.get("more", "")
    if not (word and request.POST.get("learn") and offer_id.isdecimal()):
        return
    campaign_id = entry.jielong_import.campaign_id
    offer = Offer.objects.filter(campaign=campaign_id, pk=int(offer_id)).first()
    if offer is not None:
        alias_learn(
            leader=request.leader,
            word=word,
            sku=offer.sku,
            actor=request.user,
            now=timezone.now(),
        )


def _tell_outcome(request: LeaderRequest, outcome: ImportOutcome) -> None:
    if not outcome.is_new:
        messages.info(request, _("This text is here already; nothing was changed."))
        return
    merge = outcome.merge
    for pairs, text in (
        ([pair.new for pair in merge.changed], _("Changed since the last snapshot: {names}")),
        (merge.gone, _("No longer in the list: {names}")),
        ([pair.old for pair in merge.conflicts], _("Same number as somebody else: {names}")),
    ):
        if pairs:
            names = "、".join(entry.nickname or entry.raw for entry in pairs)
            messages.warning(request, text.format(names=names))


def _options(campaigns: Sequence[Campaign], chosen: Campaign | None) -> list[dict[str, object]]:
    if len(campaigns) < 2:
        return []
    return [
        {
            "label": _("Arrives {day}").format(
                day=date_format(each.delivery_date, "MONTH_DAY_FORMAT")
            ),
            "url": f"?campaign={each.code}",
            "is_current": each == chosen,
        }
        for each in campaigns
    ]


def _address(found: JielongImport) -> str:
    return reverse("leader-jielong-import", args=[found.pk])


def _import_or_404(request: LeaderRequest, pk: int) -> JielongImport:
    found = import_of(request.leader, pk)
    if found is None:
        raise Http404(_("There is no such chain."))
    return found
