"""Which papers a role sees, and how they are packed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Trip
from fulfillment.models.papers import Document
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.printing import (
    Pack,
    bundles_of_pack,
    matching,
    newest_revisions,
    packs_visible,
    papers_newest,
    papers_visible,
)
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from tests.factories.fulfillment import CutoffRunFactory, PaperFactory, PurchaseOrderFactory
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A planned day with every paper printed once."""
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
    planned_day(run)
    order = PurchaseOrderFactory.create(
        run=run, supplier__code="S01", supplier__name="郑州乳品供应商"
    )
    for document in (Document.PURCHASE_ORDER, Document.RECEIVING_SHEET):
        PaperFactory.create(run=run, document=document, scope=order.supplier.code)
    PaperFactory.create(run=run, document=Document.MASTER_LIST, scope="C1-A")
    for storage in ("ambient", "chill"):
        PaperFactory.create(run=run, document=Document.SOW_CARDS, scope=f"C1-A-{storage}")
    for document in (Document.EXCEPTION_SHEET, Document.DAY_CLOSE, Document.SHOPPING_LIST):
        PaperFactory.create(run=run, document=document, scope="C1")
    PaperFactory.create(run=run, document=Document.LABELS, scope="C1")
    for trip in Trip.objects.filter(delivery_run__cutoff_run=run):
        for document in (Document.LOAD_SHEET, Document.ROUTE_SHEET, Document.CHECK_LIST):
            PaperFactory.create(run=run, document=document, scope=str(trip))
    for leader in Leader.objects.all():
        for document in (Document.DELIVERY_NOTE, Document.HAND_OUT_LIST):
            PaperFactory.create(run=run, document=document, scope=leader.code)
    return run


def someone(role: Role) -> User:
    return UserFactory.create(role=role)


def leader_in_slot(slot_code: str) -> Leader:
    return Drop.objects.get(slot_code=slot_code).pickup_point.leader


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.WAREHOUSE, {"purchase_order", "shopping_list"}),
        (
            Role.DISPATCHER,
            {
                "purchase_order",
                "receiving_sheet",
                "master_list",
                "sow_cards",
                "check_list",
                "hand_out_list",
                "exception_sheet",
                "day_close",
                "shopping_list",
                "labels",
            },
        ),
        (
            Role.BUYER,
            {"load_sheet", "route_sheet", "delivery_note", "hand_out_list", "labels"},
        ),
    ],
)
def test_each_role_sees_the_papers_its_work_needs(
    run: CutoffRun, role: Role, hidden: set[str]
) -> None:
    seen = set(papers_visible(someone(role)).values_list("document", flat=True))

    assert seen == set(Document.values) - hidden


def test_a_superuser_sees_everything(run: CutoffRun) -> None:
    chief = UserFactory.create(is_superuser=True)

    assert papers_visible(chief).count() == run.papers.count()


def test_a_leader_sees_only_their_own_papers(run: CutoffRun) -> None:
    leader = leader_in_slot("1-02")
    assert leader.user is not None

    seen = papers_visible(leader.user)

    assert set(seen.values_list("document", "scope")) == {
        ("delivery_note", leader.code),
        ("hand_out_list", leader.code),
    }


def test_a_paper_of_a_slot_belongs_to_the_leader_of_that_day(run: CutoffRun) -> None:
    leader = leader_in_slot("1-02")
    assert leader.user is not None
    note = PaperFactory.create(run=run, document=Document.DELIVERY_NOTE, scope="1-02")
    other_day = PaperFactory.create(document=Document.DELIVERY_NOTE, scope="1-02")

    seen = papers_visible(leader.user)

    assert note in seen
    assert other_day not in seen


def test_a_leaders_log_in_without_a_leader_sees_nothing(run: CutoffRun) -> None:
    assert not papers_visible(someone(Role.LEADER)).exists()


def test_packs_without_a_visible_paper_are_not_offered() -> None:
    assert packs_visible(someone(Role.WAREHOUSE)) == tuple(Pack)
    assert packs_visible(someone(Role.BUYER)) == (Pack.SUPERVISOR, Pack.RECEIVER)
    assert packs_visible(someone(Role.DISPATCHER)) == (Pack.ROUTE, Pack.LEADER)


def test_the_newest_revision_stands_for_the_paper(run: CutoffRun) -> None:
    second = PaperFactory.create(
        run=run, document=Document.LOAD_SHEET, scope="R01", revision=2, file="new.pdf"
    )

    newest = papers_newest(someone(Role.WAREHOUSE), run)

    sheets = [view.paper for view in newest if view.document is Document.LOAD_SHEET]
    assert [paper.revision for paper in sheets] == [2, 1]
    assert sheets[0] == second


def test_a_route_pack_lies_in_load_order(run: CutoffRun) -> None:
    first, second = bundles_of_pack(papers_newest(someone(Role.WAREHOUSE), run), Pack.ROUTE)

    assert (first.key, second.key) == ("R01", "R02")
    assert [view.document for view in first.papers[:2]] == [
        Document.LOAD_SHEET,
        Document.ROUTE_SHEET,
    ]
    assert [view.paper.scope for view in first.papers[2:]] == [
        leader_in_slot(slot).code for slot in ("1-03", "1-02", "1-01")
    ]


def test_a_drop_nobody_reaches_is_in_no_route_pack_but_in_its_leaders(run: CutoffRun) -> None:
    papers = papers_newest(someone(Role.WAREHOUSE), run)
    unserved = leader_in_slot("3-01")

    on_routes = {view.paper.scope for b in bundles_of_pack(papers, Pack.ROUTE) for view in b.papers}
    of_leaders = [bundle.key for bundle in bundles_of_pack(papers, Pack.LEADER)]

    assert unserved.code not in on_routes
    assert of_leaders[-1] == unserved.code


def test_the_driver_gets_the_same_papers_in_stop_order(run: CutoffRun) -> None:
    papers = papers_newest(someone(Role.WAREHOUSE), run)

    first, _second = bundles_of_pack(papers, Pack.ROUTE, for_driver=True)

    assert [view.document for view in first.papers[:2]] == [
        Document.ROUTE_SHEET,
        Document.LOAD_SHEET,
    ]
    assert [view.paper.scope for view in first.papers[2:]] == [
        leader_in_slot(slot).code for slot in ("1-01", "1-02", "1-03")
    ]


def test_the_supervisor_gets_what_is_sorted_by_and_then_one_bundle_per_kind_of_paper(
    run: CutoffRun,
) -> None:
    bundles = bundles_of_pack(papers_newest(someone(Role.WAREHOUSE), run), Pack.SUPERVISOR)

    assert [view.document for view in bundles[0].papers] == [
        Document.MASTER_LIST,
        Document.SOW_CARDS,
        Document.SOW_CARDS,
    ]
    assert [(bundle.key, len(bundle.papers)) for bundle in bundles] == [
        ("sorting", 3),
        ("check_list", 2),
        ("labels", 1),
        ("exception_sheet", 1),
        ("day_close", 1),
    ]


def test_the_receivers_bundles_are_named_after_the_suppliers(run: CutoffRun) -> None:
    bundles = bundles_of_pack(papers_newest(someone(Role.BUYER), run), Pack.RECEIVER)

    assert [(bundle.key, bundle.title, len(bundle.papers)) for bundle in bundles] == [
        ("C1", "C1", 1),
        ("S01", "郑州乳品供应商", 2),
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("R01", 3), ("乳品", 1), ("1-02", 2), ("r02 v", 3), ("无此人", 0)]
)
def test_a_search_finds_routes_slots_suppliers_and_leaders(
    run: CutoffRun, text: str, count: int
) -> None:
    papers = papers_newest(someone(Role.WAREHOUSE), run)

    assert len(matching(papers, text)) == count


def test_the_number_of_queries_does_not_grow_with_the_day(
    run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = someone(Role.WAREHOUSE)

    with django_assert_num_queries(7):
        papers_newest(user, run)


@pytest.mark.django_db
def test_of_each_of_the_leaders_papers_only_the_newest_revision_counts() -> None:
    lin = LeaderFactory.create(code="L0001")
    run = CutoffRunFactory.create()
    PaperFactory.create(run=run, scope="L0001", revision=1, file="old.pdf")
    newest = PaperFactory.create(run=run, scope="L0001", revision=2, file="new.pdf")
    PaperFactory.create(run=run, document=Document.CHECK_LIST, scope="L0001")
    PaperFactory.create(run=run, scope="L0002")
    PaperFactory.create(scope="L0001")
    assert lin.user is not None

    assert list(newest_revisions(lin.user, run)) == [newest]
