"""Whatever hands do at the dock, in whatever order: every tote is in one place."""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Protocol
from uuid import UUID

import pytest
from django.db.transaction import atomic, set_rollback
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.totes import LoadCheck, ToteCount, ToteEvent
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.book_laws.goods import LAWS as GOODS_LAWS
from fulfillment.selectors.books import books_check
from fulfillment.selectors.totes import drop_contents
from fulfillment.services.loading import (
    MissingTotes,
    Scan,
    load_all,
    load_resign,
    load_sign,
    tote_load,
    tote_unload,
)
from fulfillment.services.totes import SealDetail, drop_seal, tote_find, tote_lose
from fulfillment.services.trip_returns import trip_return_enter, trip_return_rest
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.domain.storage import StorageClass
from tests.factories.docks import NIGHT, Dock, dock, label_of, tote_laws_broken

pytestmark = pytest.mark.django_db

STOPS_LAW = [law for law in GOODS_LAWS if law.name == "stops"]
# What happens most at the dock comes up most.
VERBS = (
    "seal",
    "scan",
    "scan",
    "unload",
    "load",
    "sign",
    "sign",
    "found",
    "stop",
    "stop",
    "rest",
    "lose",
    "find",
)


def rows_written() -> tuple[int, ...]:
    """How much has been written down so far."""
    return tuple(
        model._default_manager.count()
        for model in (Tote, ToteEvent, ToteCount, LoadCheck, Handover, ExceptionCase)
    )


class ToteService(Protocol):
    """Loading a tote, or taking it off."""

    def __call__(
        self,
        *,
        trip_id: int,
        code: str,
        event_id: UUID,
        device: str,
        actor: User | None,
        now: datetime,
    ) -> Scan:
        """Move the tote of a code."""


class Hands:
    """Somebody who does one thing after another; what a rule refuses changes nothing."""

    def __init__(self, night: Dock) -> None:
        self.night = night
        self.done = 0

    def do(self, verb: str, drop: Drop, nth: int) -> None:
        """Do one thing with the n-th tote, figure or ending, and again: it is sent twice."""
        self.done += 1
        key = UUID(int=self.done)
        with suppress(DomainError), atomic():
            getattr(self, verb)(drop, nth, key)
        written = rows_written()
        with suppress(DomainError), atomic():
            getattr(self, verb)(drop, nth, key)
        assert rows_written() == written

    def seal(self, drop: Drop, nth: int, key: UUID) -> None:
        drop_seal(
            drop_id=drop.pk,
            totes={StorageClass.AMBIENT: nth, StorageClass.CHILL: 1 + nth // 3},
            event_key=key,
            actor=None,
            now=NIGHT,
            detail=SealDetail(reason="packed again" if nth else ""),
        )

    def scan(self, drop: Drop, nth: int, key: UUID) -> None:
        self._with_tote(tote_load, drop, nth, key)

    def unload(self, drop: Drop, nth: int, key: UUID) -> None:
        self._with_tote(tote_unload, drop, nth, key)

    def load(self, drop: Drop, nth: int, key: UUID) -> None:
        load_all(
            stop_id=drop.stops.get().pk,
            count=Tote.objects.filter(drop=drop, state__in=["sealed", "loaded"]).count(),
            event_key=key,
            device="",
            actor=None,
            now=NIGHT,
        )

    def sign(self, drop: Drop, nth: int, key: UUID) -> None:
        named = {
            tote_id: pieces
            for of_trip in self.night.drops
            for tote_id, pieces in self._goods_of_missing(of_trip).items()
        }
        load_sign(
            trip_id=drop.stops.get().trip_id,
            driver_name="李师傅",
            missing=MissingTotes(reason="gone", contents=named) if nth else None,
            event_key=key,
            actor=self.night.worker,
            now=NIGHT,
        )

    def _goods_of_missing(self, drop: Drop) -> dict[int, dict[int, int]]:
        """Pieces dealt out to the missing totes: all of a class that is gone, else one each."""
        named: dict[int, dict[int, int]] = {}
        for storage in StorageClass:
            units = [
                sku.sku_id
                for sku in drop_contents(drop)
                if sku.storage is storage
                for _piece in range(sku.pieces)
            ]
            totes = [tote for tote in self.night.totes(drop) if tote.storage == storage]
            gone = [tote.pk for tote in totes if tote.state == "sealed"]
            is_all = not any(tote.state == "loaded" for tote in totes)
            for nth, tote_id in enumerate(gone):
                dealt = units[nth :: len(gone)]
                named[tote_id] = dict(Counter(dealt if is_all else dealt[:1]))
        return named

    def found(self, drop: Drop, nth: int, key: UUID) -> None:
        load_resign(
            trip_id=drop.stops.get().trip_id,
            code=label_of(self._tote(drop, nth)),
            driver_name="",
            event_id=key,
            actor=self.night.worker,
            now=NIGHT,
        )

    def stop(self, drop: Drop, nth: int, key: UUID) -> None:
        milk = LineDifference(sku_id=self.night.skus["milk"].pk, qty=1, cause=Cause.DAMAGED)
        back = Tote.objects.filter(drop=drop, state="loaded", storage="chill")[: nth % 2]
        result = (
            StopResult(stop_id=drop.stops.get().pk, state=StopState.DELIVERED, empties=nth),
            StopResult(stop_id=drop.stops.get().pk, state=StopState.REFUSED, note="late"),
            StopResult(
                stop_id=drop.stops.get().pk,
                state=StopState.PARTLY,
                differences=(milk,),
                brought_back=frozenset(tote.pk for tote in back),
            ),
            StopResult(
                stop_id=drop.stops.get().pk,
                state=StopState.PARTLY,
                differences=(milk,),
                lost=frozenset(tote.pk for tote in back),
            ),
        )[nth]
        trip_return_enter(
            trip_id=drop.stops.get().trip_id, stops=[result], actor=self.night.worker, now=NIGHT
        )

    def rest(self, drop: Drop, nth: int, key: UUID) -> None:
        trip_return_rest(
            trip_id=drop.stops.get().trip_id,
            empties={drop.stops.get().pk: nth},
            empties_in=nth,
            actor=self.night.worker,
            now=NIGHT,
        )

    def lose(self, drop: Drop, nth: int, key: UUID) -> None:
        tote = self._tote(drop, nth)
        tote_lose(tote_id=tote.pk, reason="gone", event_id=key, actor=None, now=NIGHT)

    def find(self, drop: Drop, nth: int, key: UUID) -> None:
        tote = self._tote(drop, nth)
        tote_find(tote_id=tote.pk, reason="there", event_id=key, actor=None, now=NIGHT)

    def _tote(self, drop: Drop, nth: int) -> Tote:
        totes = self.night.totes(drop)
        return totes[nth % len(totes)]

    def _with_tote(self, service: ToteService, drop: Drop, nth: int, key: UUID) -> None:
        service(
            trip_id=self.night.trips[0].pk,
            code=label_of(self._tote(drop, nth)),
            event_id=key,
            device="",
            actor=None,
            now=NIGHT,
        )


@pytest.fixture
def night() -> Dock:
    return dock()


def assert_explained_within_allocated(night: Dock) -> None:
    """Exceptions never explain more pieces of a drop than it was to get."""
    explained: Counter[tuple[int | None, int | None]] = Counter()
    for case in ExceptionCase.objects.all():
        explained[case.drop_id, case.sku_id] += case.qty
    for drop in night.drops:
        for name, allocated in (("potato", 6), ("egg", 4), ("milk", 2)):
            assert explained[drop.pk, night.skus[name].pk] <= allocated


def test_every_tote_is_in_one_place_and_the_ledger_is_what_happened(night: Dock) -> None:
    @settings(max_examples=60, deadline=None)
    @given(
        doings=st.lists(
            st.tuples(st.sampled_from(VERBS), st.integers(0, 1), st.integers(0, 3)), max_size=25
        ),
        is_sealed_first=st.booleans(),
    )
    def any_way(doings: list[tuple[str, int, int]], is_sealed_first: bool) -> None:
        with atomic():
            if is_sealed_first:
                night.seal_all()
            hands = Hands(night)
            for verb, which, nth in doings:
                hands.do(verb, night.drops[which], nth)

            assert tote_laws_broken() == []
            assert [law.offenders for law in books_check(STOPS_LAW)] == [()]
            assert_explained_within_allocated(night)
            set_rollback(True)

    any_way()


def test_the_usual_night_is_among_the_ways(night: Dock) -> None:
    hands = Hands(night)

    for verb, drop, nth in [
        ("seal", 0, 2),
        ("seal", 1, 1),
        ("load", 0, 0),
        ("scan", 1, 0),
        ("sign", 0, 1),
        ("found", 1, 2),
        ("stop", 0, 2),
        ("rest", 1, 2),
    ]:
        hands.do(verb, night.drops[drop], nth)

    assert tote_laws_broken() == []
    assert Counter(Tote.objects.values_list("state", flat=True)) == {"delivered": 5, "free": 1}
    assert LoadCheck.objects.get().missing_totes == 0
