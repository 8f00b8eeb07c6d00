"""The papers of a day as each role may see them, in packs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fulfillment.domain.sorting import load_rank, natural_key
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Trip
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.delivery import first_stop
from fulfillment.selectors.papers.purchasing import order_scope
from leaders.models.accounts import Role, User
from leaders.selectors.access import roles_of
from leaders.selectors.leaders import leader_of_user
from orders.models.catalogue import Storage


class Pack(StrEnum):
    """Who takes the papers away."""

    SUPERVISOR = "supervisor"
    RECEIVER = "receiver"
    ROUTE = "route"
    LEADER = "leader"


PACK_DOCUMENTS: Mapping[Pack, tuple[Document, ...]] = {
    Pack.SUPERVISOR: (
        Document.MASTER_LIST,
        Document.SOW_CARDS,
        Document.CHECK_LIST,
        Document.LABELS,
        Document.EXCEPTION_SHEET,
        Document.DAY_CLOSE,
    ),
    Pack.RECEIVER: (
        Document.RECEIVING_SHEET,
        Document.PURCHASE_ORDER,
        Document.SHOPPING_LIST,
    ),
    Pack.ROUTE: (Document.LOAD_SHEET, Document.ROUTE_SHEET, Document.DELIVERY_NOTE),
    Pack.LEADER: (Document.DELIVERY_NOTE, Document.HAND_OUT_LIST),
}
# What the supervisor hands out when sorting begins, as one bundle.
SORTING = "sorting"
SORTED_BY = frozenset({Document.MASTER_LIST, Document.SOW_CARDS})
# Costs are the buyers' business, residents the leaders'; the warehouse prints
# the leaders' packs but works on quantities. Leaders see their own papers only.
DOCUMENTS_BY_ROLE: Mapping[str, frozenset[Document]] = {
    Role.LEADER: frozenset({Document.DELIVERY_NOTE, Document.HAND_OUT_LIST}),
    Role.WAREHOUSE: frozenset(Document) - {Document.PURCHASE_ORDER, Document.SHOPPING_LIST},
    Role.RECEIVER: frozenset({Document.RECEIVING_SHEET}),
    Role.SORTER: frozenset({Document.MASTER_LIST, Document.SOW_CARDS, Document.CHECK_LIST}),
    Role.DISPATCHER: frozenset({Document.LOAD_SHEET, Document.ROUTE_SHEET, Document.DELIVERY_NOTE}),
    Role.BUYER: frozenset(
        {
            Document.PURCHASE_ORDER,
            Document.SHOPPING_LIST,
            Document.RECEIVING_SHEET,
            Document.MASTER_LIST,
            Document.SOW_CARDS,
            Document.CHECK_LIST,
            Document.EXCEPTION_SHEET,
            Document.DAY_CLOSE,
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a scope stands for: a supplier, a route, a leader's drop or the wave.

    `load_rank` sorts the drops of a route: what is loaded first comes first.
    """

    key: str
    title: str
    detail: str = ""
    route_no: int | None = None
    load_rank: int = 0

    @property
    def words(self) -> str:
        """What a search looks through."""
        return f"{self.title} {self.detail}".casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """The newest revision of one paper with what its scope stands for."""

    paper: Paper
    subject: Subject

    @property
    def document(self) -> Document:
        """The kind of paper."""
        return Document(self.paper.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Papers that are printed and carried together."""

    key: str
    title: str
    detail: str
    papers: tuple[PaperView, ...]

    @property
    def pages(self) -> int:
        """Sheets of the whole bundle."""
        return sum(view.paper.pages for view in self.papers)


def documents_visible(user: User) -> frozenset[Document]:
    """The kinds of paper the acting user's work needs; a leader's further narrowed by scope."""
    if user.is_superuser:
        return frozenset(Document)
    return frozenset().union(*(DOCUMENTS_BY_ROLE.get(role, ()) for role in roles_of(user)))


def packs_visible(user: User) -> tuple[Pack, ...]:
    """The packs in which the acting user finds anything, in the order of the day."""
    documents = documents_visible(user)
    return tuple(pack for pack in Pack if documents.intersection(PACK_DOCUMENTS[pack]))


def papers_visible(user: User) -> QuerySet[Paper]:
    """Every paper the acting user may open."""
    papers = Paper.objects.filter(document__in=documents_visible(user))
    if user.is_superuser or user.role != Role.LEADER:
        return papers
    leader = leader_of_user(user)
    if leader is None:
        return Paper.objects.none()
    own_slot = Drop.objects.filter(
        wave__run=OuterRef("run"), slot_code=OuterRef("scope"), pickup_point__leader=leader
    )
    return papers.filter(Q(scope=leader.code) | Exists(own_slot))


def newest_revisions(user: User, run: CutoffRun) -> QuerySet[Paper]:
    """The newest revision of every paper of a run the acting user may open."""
    return (
        papers_visible(user)
        .filter(run=run)
        .order_by("document", "scope", "-revision")
        .distinct("document", "scope")
    )


def papers_newest(user: User, run: CutoffRun) -> list[PaperView]:
    """The newest revisions with what their scopes stand for, by document and scope."""
    subjects = run_subjects(run)
    views = [
        PaperView(paper=paper, subject=subject_of(paper.scope, subjects))
        for paper in newest_revisions(user, run).select_related("run__campaign")
    ]
    order = list(Document)
    return sorted(
        views, key=lambda view: (order.index(view.document), natural_key(view.paper.scope))
    )


def bundles_of_pack(
    views: Iterable[PaperView], pack: Pack, *, for_driver: bool = False
) -> list[Bundle]:
    """The pack's papers, bundled by who carries them, each bundle in the order of use.

    The supervisor gets what is sorted by in one bundle and each other kind of
    paper in its own, the receiver one per supplier, routes and leaders one
    each. Delivery notes of a route lie in load order, the last stop first; for
    the driver in stop order behind the route sheet. Drops no route serves are
    in no route's bundle.
    """
    documents = PACK_DOCUMENTS[pack]
    first = Document.ROUTE_SHEET if for_driver else documents[0]
    turn = -1 if for_driver else 1
    grouped: dict[str, list[PaperView]] = defaultdict(list)
    for view in views:
        if view.document in documents and (key := _bundle_key(view, pack)):
            grouped[key].append(view)
    for papers in grouped.values():
        papers.sort(
            key=lambda view: (
                view.document is not first,
                documents.index(view.document),
                turn * view.subject.load_rank,
            )
        )
    bundles = [_bundle(key, pack, tuple(papers)) for key, papers in grouped.items()]
    if pack is Pack.SUPERVISOR:
        return sorted(bundles, key=lambda bundle: documents.index(bundle.papers[0].document))
    return sorted(bundles, key=lambda bundle: natural_key(bundle.title))


def matching(views: Iterable[PaperView], text: str) -> list[PaperView]:
    """The papers whose scope or subject contains every word of the text."""
    words = text.casefold().split()
    return [
        view
        for view in views
        if all(word in f"{view.paper.scope.casefold()} {view.subject.words}" for word in words)
    ]


def run_subjects(run: CutoffRun) -> dict[str, Subject]:
    """What the scopes of a run's papers stand for, in a fixed number of queries."""
    subjects: dict[str, Subject] = {}
    for wave in run.waves.all():
        subjects[wave.code] = Subject(key=wave.code, title=wave.code)
        for storage in Storage:
            scope = f"{wave.code}-{storage.value}"
            subjects[scope] = Subject(key=scope, title=str(storage.label), detail=wave.code)
    for order in PurchaseOrder.objects.filter(run=run).select_related("supplier"):
        scope = order_scope(order)
        subjects[scope] = Subject(key=scope, title=order.supplier.name, detail=scope)
    drops = (
        Drop.objects.filter(wave__run=run)
        .select_related("pickup_point__leader")
        .prefetch_related("stops__trip")
    )
    for drop in drops:
        subject = _drop_subject(drop)
        subjects[drop.pickup_point.leader.code] = subject
        if drop.slot_code:
            subjects[drop.slot_code] = subject
    for trip in Trip.objects.filter(delivery_run__cutoff_run=run).select_related("vehicle"):
        subject = Subject(
            key=str(trip), title=str(trip), detail=str(trip.vehicle), route_no=trip.route_no
        )
        subjects[str(trip)] = subjects[str(trip.route_no)] = subject
    return subjects


def subject_of(scope: str, subjects: Mapping[str, Subject]) -> Subject:
    """The subject of a scope; a scope nobody knows stands for itself."""
    return subjects.get(scope) or Subject(key=scope, title=scope)


def _drop_subject(drop: Drop) -> Subject:
    leader = drop.pickup_point.leader
    stop = first_stop(drop)
    return Subject(
        key=leader.code,
        title=f"{drop.slot_code} {leader.name}".strip(),
        detail=f"{leader.code} {drop.pickup_point.name}",
        route_no=stop.trip.route_no if stop else None,
        load_rank=load_rank(stop.stop_seq) if stop else 0,
    )


def _bundle_key(view: PaperView, pack: Pack) -> str:
    if pack is Pack.SUPERVISOR:
        return SORTING if view.document in SORTED_BY else view.document.value
    if pack is Pack.ROUTE:
        route_no = view.subject.route_no
        return "" if route_no is None else f"R{route_no:02d}"
    return view.subject.key


def _bundle(key: str, pack: Pack, papers: tuple[PaperView, ...]) -> Bundle:
    if pack is Pack.SUPERVISOR:
        title = _("Master list and sow cards") if key == SORTING else papers[0].document.label
        return Bundle(key=key, title=str(title), detail="", papers=papers)
    if pack is Pack.ROUTE:
        sheet = next((view for view in papers if view.subject.key == key), None)
        detail = sheet.subject.detail if sheet else ""
        return Bundle(key=key, title=key, detail=detail, papers=papers)
    subject = papers[0].subject
    return Bundle(key=key, title=subject.title, detail=subject.detail, papers=papers)
