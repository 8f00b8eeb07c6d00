"""Cases: opened once per event, decided once, and never after the day."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from PIL import Image

from fulfillment.domain import exceptions as rules
from fulfillment.errors import CaseDecided, DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.handover import HandoverState
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import ToteState
from fulfillment.services.exceptions import (
    CaseDraft,
    case_decide,
    case_open,
    case_reopen,
    cases_decide_as_proposed,
)
from leaders.errors import PhotoRefused
from leaders.models.accounts import Role, User
from tests.factories.exceptions import ExceptionCaseFactory, SupplierClaimFactory
from tests.factories.fulfillment import (
    CutoffRunFactory,
    GoodsReceiptLineFactory,
    HandoverFactory,
    StopFactory,
    ToteFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create()
    return run


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


def opened(run: CutoffRun, draft: CaseDraft, now: datetime = NOW) -> ExceptionCase:
    return case_open(run_id=run.pk, draft=draft, actor=None, now=now)


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, format="JPEG")
    return written.getvalue()


def test_models_and_rules_speak_of_the_same() -> None:
    assert Stage.values == [stage.value for stage in rules.Stage]
    assert Cause.values == [cause.value for cause in rules.Cause]
    assert Bearer.values == [bearer.value for bearer in rules.Bearer]


def test_a_find_is_opened_once_however_often_it_is_sent(run: CutoffRun) -> None:
    draft = CaseDraft(
        stage=Stage.SORT,
        cause=Cause.SHORT,
        qty=2,
        sku_id=SkuFactory.create().pk,
        event_id=uuid4(),
    )

    first, second = opened(run, draft), opened(run, draft)

    assert first.pk == second.pk
    assert ExceptionCase.objects.count() == 1
    assert (first.state, first.proposed_bearer, first.bearer) == ("open", "warehouse", "")


def test_two_finds_without_an_event_are_two_cases(run: CutoffRun) -> None:
    draft = CaseDraft(stage=Stage.SORT, cause=Cause.SHORT, qty=2, sku_id=SkuFactory.create().pk)

    assert opened(run, draft).pk != opened(run, draft).pk


def test_a_photo_is_encoded_anew(run: CutoffRun, settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path

    case = opened(
        run,
        CaseDraft(stage=Stage.RECEIVE, cause=Cause.WRONG, qty=1, note="榴莲", photo=picture()),
    )

    assert str(case.photo).startswith("cases/")
    assert [path.suffix for path in tmp_path.rglob("*.*")] == [".jpg"]


def test_what_is_no_photo_opens_nothing(run: CutoffRun) -> None:
    draft = CaseDraft(stage=Stage.RECEIVE, cause=Cause.WRONG, qty=1, note="榴莲", photo=b"no")

    with pytest.raises(PhotoRefused):
        opened(run, draft)

    assert not ExceptionCase.objects.exists()


def test_damage_is_the_suppliers_until_the_dock_is_closed(run: CutoffRun) -> None:
    line = GoodsReceiptLineFactory.create(receipt__purchase_order__run=run).purchase_line
    draft = CaseDraft(
        stage=Stage.RECEIVE,
        cause=Cause.DAMAGED,
        qty=1,
        sku_id=line.sku_id,
        purchase_line_id=line.pk,
    )

    before = opened(run, draft)
    CutoffRun.objects.update(receiving_closed_at=NOW)
    after = opened(run, draft)

    assert (before.proposed_bearer, after.proposed_bearer) == ("supplier", "warehouse")


def test_what_arrives_after_the_dock_was_closed_is_the_suppliers(run: CutoffRun) -> None:
    line = GoodsReceiptLineFactory.create(
        receipt__purchase_order__run=run, counted_at=NOW
    ).purchase_line
    CutoffRun.objects.update(receiving_closed_at=NOW - timedelta(hours=1))

    case = opened(
        run,
        CaseDraft(
            stage=Stage.RECEIVE,
            cause=Cause.DAMAGED,
            qty=1,
            sku_id=line.sku_id,
            purchase_line_id=line.pk,
        ),
    )

    assert case.proposed_bearer == "supplier"


def test_a_sealed_tote_clears_the_driver(run: CutoffRun) -> None:
    tote = ToteFactory.create(drop__wave__run=run)
    draft = CaseDraft(
        stage=Stage.HANDOVER,
        cause=Cause.SHORT,
        qty=1,
        sku_id=SkuFactory.create().pk,
        drop_id=tote.drop_id,
    )

    loose = opened(run, draft)
    ToteEvent.objects.create(
        tote=tote, from_state=ToteState.ASSIGNED, to_state=ToteState.SEALED, at=NOW
    )
    sealed = opened(run, draft)

    assert (loose.proposed_bearer, sealed.proposed_bearer) == ("driver", "warehouse")


def test_once_the_leader_has_accepted_the_goods_the_leader_is_proposed(run: CutoffRun) -> None:
    stop = StopFactory.create(drop__wave__run=run)
    HandoverFactory.create(stop=stop, state=HandoverState.ACCEPTED, accepted_at=NOW)
    draft = CaseDraft(
        stage=Stage.HANDOVER,
        cause=Cause.SHORT,
        qty=1,
        sku_id=SkuFactory.create().pk,
        drop_id=stop.drop_id,
    )

    before = opened(run, draft)
    later = opened(run, draft, NOW + timedelta(minutes=1))

    assert (before.proposed_bearer, later.proposed_bearer) == ("driver", "leader")


def test_a_signature_for_totes_does_not_make_the_leader_bear_pieces(run: CutoffRun) -> None:
    stop = StopFactory.create(drop__wave__run=run)
    HandoverFactory.create(stop=stop, state=HandoverState.SIGNED, confirmed_at=NOW)
    draft = CaseDraft(
        stage=Stage.HANDOVER,
        cause=Cause.DAMAGED,
        qty=1,
        sku_id=SkuFactory.create().pk,
        drop_id=stop.drop_id,
    )

    assert opened(run, draft, NOW + timedelta(minutes=1)).proposed_bearer == "driver"


def test_a_case_is_decided_by_the_first_who_does(supervisor: User) -> None:
    case = ExceptionCaseFactory.create()

    decided = case_decide(
        case_id=case.pk, bearer=Bearer.WAREHOUSE, note="重找", actor=supervisor, now=NOW
    )
    with pytest.raises(CaseDecided):
        case_decide(case_id=case.pk, bearer=Bearer.DRIVER, note="", actor=supervisor, now=NOW)

    assert (decided.state, decided.bearer, decided.decision_note) == (
        ExceptionCaseState.DECIDED,
        Bearer.WAREHOUSE,
        "重找",
    )
    assert (decided.decided_by, decided.decided_at) == (supervisor, NOW)


def test_all_open_cases_of_a_stage_are_decided_as_proposed(supervisor: User) -> None:
    case = ExceptionCaseFactory.create(proposed_bearer=Bearer.DRIVER)
    decided = ExceptionCaseFactory.create(
        run=case.run, state=ExceptionCaseState.DECIDED, bearer=Bearer.OPERATOR, decided_at=NOW
    )
    elsewhere = ExceptionCaseFactory.create(run=case.run, stage=Stage.LOAD)

    many = cases_decide_as_proposed(
        run_id=case.run_id, stage=Stage.SORT, note="按建议", actor=supervisor, now=NOW
    )

    assert many == 1
    assert list(ExceptionCase.objects.order_by("pk").values_list("pk", "bearer")) == [
        (case.pk, Bearer.DRIVER),
        (decided.pk, Bearer.OPERATOR),
        (elsewhere.pk, ""),
    ]


def test_a_decision_taken_back_says_whose_it_was(supervisor: User) -> None:
    case = ExceptionCaseFactory.create()
    case_decide(case_id=case.pk, bearer=Bearer.DRIVER, note="掉车", actor=supervisor, now=NOW)

    again = case_reopen(case_id=case.pk, actor=supervisor)

    assert (again.state, again.bearer, again.decided_at) == ("open", "", None)
    assert supervisor.get_username() in again.decision_note
    assert "掉车" in again.decision_note


def test_a_decision_the_supplier_was_asked_for_stays(supervisor: User) -> None:
    claim = SupplierClaimFactory.create()

    with pytest.raises(CaseDecided):
        case_reopen(case_id=claim.case_id, actor=supervisor)


def test_after_the_day_nothing_is_opened_or_decided(run: CutoffRun, supervisor: User) -> None:
    case = ExceptionCaseFactory.create(run=run)
    CutoffRun.objects.update(day_closed_at=NOW)

    with pytest.raises(DayClosed):
        opened(run, CaseDraft(stage=Stage.SORT, cause=Cause.SHORT, qty=1, note="?"))
    with pytest.raises(DayClosed):
        case_decide(case_id=case.pk, bearer=Bearer.DRIVER, note="", actor=supervisor, now=NOW)
    with pytest.raises(DayClosed):
        case_reopen(case_id=case.pk, actor=supervisor)
