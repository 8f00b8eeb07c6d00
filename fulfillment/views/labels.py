"""Labels on request: choose them, and get them as a PDF of exact size."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.domain.label_codes import Labelled
from fulfillment.forms.labels import KIND_NAMES, USUAL_SIZE, LabelForm, kind_name
from fulfillment.http import NightRequest, night_page
from fulfillment.selectors.labels.choice import kinds_visible
from fulfillment.selectors.labels.subjects import label_subjects
from fulfillment.services.labels import labels_print
from leaders.errors import DomainError
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from leaders.selectors.leaders import leader_of_user


@require_GET
@night_page(Role.RECEIVER, Role.SORTER, Role.LEADER)
def labels(request: NightRequest) -> HttpResponse:
    """The kinds of labels, what there is of each, and what they are printed on."""
    kinds = _kinds(request)
    kind = KIND_NAMES.get(request.GET.get("kind", ""), kinds[0])
    if kind not in kinds:
        raise PermissionDenied(_("These labels belong to another role."))
    initial = {"kind": kind_name(kind), "size": USUAL_SIZE[kind], "start": 1}
    return _page(request, kind, LabelForm(initial=initial, kinds=kinds))


@require_GET
@night_page(Role.RECEIVER, Role.SORTER, Role.LEADER)
def label_sheet(request: NightRequest) -> HttpResponse:
    """The chosen labels as a PDF; `?save` sends it as a file to keep."""
    kinds = _kinds(request)
    form = LabelForm(request.GET, kinds=kinds)
    if not form.is_valid():
        kind = KIND_NAMES.get(request.GET.get("kind", ""), kinds[0])
        return _page(request, kind if kind in kinds else kinds[0], form, status=422)
    choice = form.choice(_leader(request))
    back = f"{reverse('labels', args=[request.run.campaign.code])}?kind={kind_name(choice.kind)}"
    try:
        paper = labels_print(run=request.run, choice=choice, printing=form.printing())
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect(back)
    if paper is None:
        messages.warning(request, _nothing(choice.kind))
        return redirect(back)
    name = f"labels-{kind_name(choice.kind)}-{request.run.campaign.code}.pdf"
    place = "attachment" if "save" in request.GET else "inline"
    return HttpResponse(
        paper.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{place}; filename="{name}"'},
    )


def kind_title(kind: Labelled) -> str:
    """A kind of label in the reader's words."""
    titles = {
        Labelled.PALLET: _("Pallets"),
        Labelled.PORTION: _("Weighed"),
        Labelled.TOTE: _("Totes"),
        Labelled.HOUSEHOLD: _("Households"),
        Labelled.ITEM: _("Items"),
    }
    return titles[kind]


def _page(
    request: NightRequest, kind: Labelled, form: LabelForm, *, status: int = 200
) -> HttpResponse:
    leader = _leader(request)
    base = reverse("labels", args=[request.run.campaign.code])
    context = {
        "run": request.run,
        "form": form,
        "kind": kind_name(kind),
        "kinds": [
            {
                "label": kind_title(one),
                "url": f"{base}?kind={kind_name(one)}",
                "is_current": one is kind,
            }
            for one in _kinds(request)
        ],
        "subjects": label_subjects(request.run, kind, leader),
        "is_leader": leader is not None,
        "back_url": reverse("leader-hand-out") if leader else None,
        "back_label": _("Hand-out list") if leader else None,
    }
    return render(request, "fulfillment/night/labels/labels.html", context, status=status)


def _kinds(request: NightRequest) -> tuple[Labelled, ...]:
    kinds = kinds_visible(request.user)
    if not kinds:
        raise PermissionDenied(_("These labels belong to another role."))
    return kinds


def _leader(request: NightRequest) -> Leader | None:
    """The leader who prints; nobody for the warehouse, which prints for all."""
    if request.user.is_superuser or request.user.role != Role.LEADER:
        return None
    return leader_of_user(request.user)


def _nothing(kind: Labelled) -> str:
    words = {
        Labelled.PALLET: _("Nothing of that was accepted at the dock yet."),
        Labelled.PORTION: _("Nothing of that is weighed yet."),
        Labelled.TOTE: _(
            "No tote of that is sealed yet. Labels are numbered when a drop is sealed."
        ),
        Labelled.HOUSEHOLD: _("Nobody there gets anything."),
        Labelled.ITEM: _("Nobody there gets anything."),
    }
    return words[kind]
