"""Totes are sealed with what was packed, every move once and written down."""

from uuid import UUID, uuid4

import pytest

from fulfillment.errors import DayClosed, SealNotPossible, ToteNotExpected
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.sorting import RouteBlock, SortStage
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import SortMethod, SortTask, Tote, ToteState
from fulfillment.selectors.totes import drops_sealed, tote_positions
from fulfillment.services.totes import SealDetail, SealedDrop, drop_seal, tote_find, tote_lose
from orders.domain.storage import StorageClass
from tests.factories.docks import NIGHT, Dock, dock
from tests.factories.fulfillment import ToteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

AMBIENT, CHILL, FROZEN = StorageClass.AMBIENT, StorageClass.CHILL, StorageClass.FROZEN


@pytest.fixture
def night() -> Dock:
    return dock()


def sealed(
    night: Dock,
    packed: dict[StorageClass, int] | None = None,
    *,
    nth: int = 0,
    key: UUID | None = None,
    reason: str = "",
    plates: dict[StorageClass, list[str]] | None = None,
) -> SealedDrop:
    """Seal the n-th drop, by default as it was expected."""
    return drop_seal(
        drop_id=night.drops[nth].pk,
        totes={AMBIENT: 2, CHILL: 1} if packed is None else packed,
        event_key=key or uuid4(),
        actor=night.worker,
        now=NIGHT,
        detail=SealDetail(reason=reason, plates=plates or {}),
    )


def states(night: Dock, nth: int = 0) -> dict[tuple[str, int], str]:
    return {(tote.storage, tote.seq): tote.state for tote in night.totes(night.drops[nth])}


def events(night: Dock) -> list[tuple[str, str]]:
    return list(ToteEvent.objects.values_list("from_state", "to_state"))


def test_the_estimate_becomes_what_was_packed(night: Dock) -> None:
    done = sealed(night, {AMBIENT: 1, CHILL: 1, FROZEN: 1})

    assert (done.totes, done.is_changed) == (3, True)
    assert states(night) == {
        ("ambient", 1): "sealed",
        ("ambient", 2): "free",
        ("chill", 1): "sealed",
        ("frozen", 1): "sealed",
    }
    assert events(night) == [
        ("assigned", "free"),
        ("free", "assigned"),
        ("assigned", "sealed"),
        ("assigned", "sealed"),
        ("assigned", "sealed"),
    ]
    assert DeliveryRun.objects.get().state == "released"


def test_the_same_figures_again_write_nothing(night: Dock) -> None:
    sealed(night)
    written = len(events(night))

    again = sealed(night)

    assert (again.totes, again.is_changed) == (3, False)
    assert len(events(night)) == written


def test_a_form_sent_twice_seals_once_even_after_a_change(night: Dock) -> None:
    key = uuid4()
    sealed(night, key=key)
    sealed(night, {AMBIENT: 1, CHILL: 1}, reason="one was empty")

    again = sealed(night, key=key)

    assert (again.totes, again.is_changed) == (2, False)


def test_a_change_of_what_is_sealed_needs_a_reason(night: Dock) -> None:
    sealed(night)

    with pytest.raises(SealNotPossible):
        sealed(night, {AMBIENT: 3, CHILL: 1})
    changed = sealed(night, {AMBIENT: 3, CHILL: 1}, reason="melons did not fit")

    assert changed.totes == 4
    assert set(ToteEvent.objects.filter(reason="melons did not fit").values_list("to_state")) == {
        ("assigned",),
        ("sealed",),
    }


def test_a_sealed_tote_that_is_not_needed_is_unsealed_and_loses_its_plate(night: Dock) -> None:
    sealed(night, plates={AMBIENT: ["p-001", "P-002"]})

    sealed(night, {AMBIENT: 1, CHILL: 1}, reason="packed tighter")

    assert list(
        Tote.objects.filter(drop=night.drops[0], storage=AMBIENT).values_list("state", "plate_no")
    ) == [("sealed", "P-001"), ("free", "")]
    assert events(night)[-2:] == [("sealed", "assigned"), ("assigned", "free")]


def test_goods_are_never_sealed_into_no_tote(night: Dock) -> None:
    with pytest.raises(SealNotPossible):
        sealed(night, {AMBIENT: 0})


def test_a_drop_whose_goods_are_gone_is_sealed_with_nothing(night: Dock) -> None:
    drop = night.drops[0]
    drop.pieces = 0
    drop.save()

    assert sealed(night, {}).totes == 0
    assert drops_sealed([drop.pk]) == {drop.pk}


def test_a_plate_is_on_one_slot_at_a_time(night: Dock) -> None:
    sealed(night, plates={CHILL: ["P-007"]})

    with pytest.raises(SealNotPossible) as refusal:
        sealed(night, nth=1, plates={CHILL: ["p-007"]})
    with pytest.raises(SealNotPossible):
        sealed(night, nth=1, plates={AMBIENT: ["P-008", "P-008"]})

    assert refusal.value.message == "Plate P-007 is on slot 1-01."
    assert states(night, 1)["chill", 1] == "assigned"


def test_cards_that_nobody_entered_are_named_and_do_not_stop_the_sealing(night: Dock) -> None:
    tasks = {
        name: SortTask.objects.create(
            wave=night.drops[0].wave,
            sku=sku,
            method=SortMethod.PUT_TO_LEADER,
            pieces=10,
            drops=2,
        )
        for name, sku in night.skus.items()
    }
    RouteBlock.objects.create(
        sort_task=tasks["egg"],
        stage=SortStage.SLOT,
        route_no=1,
        sorter_name="李",
        entered_at=NIGHT,
    )

    done = sealed(night)

    assert done.not_entered == ("土豆 1kg", "鲜牛奶 950ml")
    assert done.totes == 3


def test_labels_are_numbered_from_sealed_rows_only(night: Dock) -> None:
    assert tote_positions(night.drops[0]) == {}
    sealed(night, {AMBIENT: 1, CHILL: 2})

    found = tote_positions(night.drops[0])

    by_tote = {(tote.storage, tote.seq): found.get(tote.pk) for tote in night.totes(night.drops[0])}
    assert {key: (at.k, at.n) for key, at in by_tote.items() if at} == {
        ("ambient", 1): (1, 3),
        ("chill", 1): (2, 3),
        ("chill", 2): (3, 3),
    }
    assert by_tote["ambient", 2] is None


def test_drops_are_sealed_when_no_tote_is_merely_expected(night: Dock) -> None:
    assert drops_sealed([drop.pk for drop in night.drops]) == set()
    sealed(night)

    assert drops_sealed([drop.pk for drop in night.drops]) == {night.drops[0].pk}


def test_nothing_is_sealed_after_the_day(night: Dock) -> None:
    night.run.day_closed_at = NIGHT
    night.run.save()

    with pytest.raises(DayClosed):
        sealed(night)


def test_a_tote_that_never_came_back_is_lost_and_found_empty(night: Dock) -> None:
    tote = ToteFactory.create(drop=night.drops[0], state=ToteState.DELIVERED, seq=9)
    lose, find = uuid4(), uuid4()

    for _twice in range(2):
        tote_lose(tote_id=tote.pk, reason="gone", event_id=lose, actor=None, now=NIGHT)
    assert Tote.objects.get(pk=tote.pk).state == "lost"
    for _twice in range(2):
        tote_find(tote_id=tote.pk, reason="came back", event_id=find, actor=None, now=NIGHT)

    assert events(night) == [("delivered", "lost"), ("lost", "empty")]
    assert Tote.objects.get(pk=tote.pk).state == "empty"


def test_a_packed_tote_is_not_simply_lost(night: Dock) -> None:
    sealed(night)
    tote = night.totes(night.drops[0])[0]

    with pytest.raises(ToteNotExpected):
        tote_lose(tote_id=tote.pk, reason="gone", event_id=uuid4(), actor=None, now=NIGHT)


def test_a_lost_tote_keeps_the_number_its_label_says(night: Dock) -> None:
    sealed(night)
    tote = night.totes(night.drops[0])[1]
    Tote.objects.filter(pk=tote.pk).update(state=ToteState.DELIVERED)

    tote_lose(tote_id=tote.pk, reason="gone", event_id=uuid4(), actor=None, now=NIGHT)

    assert [at.n for at in tote_positions(night.drops[0]).values()] == [3, 3, 3]
