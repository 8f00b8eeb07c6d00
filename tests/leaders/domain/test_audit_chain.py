"""The chain of seals: any change of any event shows, in its block and in all after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.audit_chain import ORIGIN, ChainedEvent, block_digest

FIRST = ChainedEvent(
    event_id=7,
    at=datetime(2026, 3, 2, 3, 0, 0, 5, tzinfo=UTC),
    actor_id=3,
    action="claim.approved",
    object_type="claim",
    object_id="12",
    facts={"refund_fen": 500, "asked_fen": 500},
    reason="整箱坏了",
    elevation_id=None,
    request_id="r-1",
)
words = st.text(max_size=8)
facts = st.dictionaries(
    words, st.recursive(st.none() | st.integers() | words, st.lists, max_leaves=4), max_size=3
)
events = st.builds(
    ChainedEvent,
    event_id=st.integers(min_value=1),
    at=st.datetimes(timezones=st.just(UTC)),
    actor_id=st.none() | st.integers(min_value=1),
    action=words,
    object_type=words,
    object_id=words,
    facts=facts,
    reason=words,
    elevation_id=st.none() | st.integers(min_value=1),
    request_id=words,
)
CHANGED: dict[str, Any] = {
    "event_id": 8,
    "at": FIRST.at + timedelta(microseconds=1),
    "actor_id": None,
    "action": "claim.rejected",
    "object_type": "claims",
    "object_id": "1",
    "facts": {"refund_fen": 501, "asked_fen": 500},
    "reason": "",
    "elevation_id": 1,
    "request_id": "r-2",
}


def test_an_event_is_told_in_one_way() -> None:
    assert FIRST.canonical() == (
        '{"action":"claim.approved","actor":3,"at":"2026-03-02T03:00:00.000005+00:00",'
        '"elevation":null,"facts":{"asked_fen":500,"refund_fen":500},"id":7,"object_id":"12",'
        '"object_type":"claim","reason":"整箱坏了","request":"r-1"}'
    )


def test_neither_the_zone_nor_the_order_of_facts_matters() -> None:
    abroad = replace(
        FIRST,
        at=FIRST.at.astimezone(timezone(timedelta(hours=8))),
        facts={"asked_fen": 500, "refund_fen": 500},
    )

    assert block_digest(ORIGIN, [abroad]) == block_digest(ORIGIN, [FIRST])


def test_every_field_of_an_event_is_in_the_digest() -> None:
    digests = {
        block_digest(ORIGIN, [replace(FIRST, **{name: value})]) for name, value in CHANGED.items()
    }

    assert len(digests | {block_digest(ORIGIN, [FIRST])}) == len(CHANGED) + 1
    assert set(CHANGED) == set(ChainedEvent.__slots__)


@given(block=st.lists(events, min_size=1, max_size=5), other=events, place=st.integers(0, 4))
def test_a_block_with_an_event_more_less_or_elsewhere_has_another_digest(
    block: list[ChainedEvent], other: ChainedEvent, place: int
) -> None:
    at = place % len(block)
    told = [event.canonical() for event in block]
    others = [
        [*block[:at], other, *block[at:]],
        [*block[:at], *block[at + 1 :]],
        [*block[:at], other, *block[at + 1 :]],
        block[::-1],
    ]

    for changed in others:
        is_same = [event.canonical() for event in changed] == told
        assert (block_digest(ORIGIN, changed) == block_digest(ORIGIN, block)) is is_same


@given(first=st.lists(events, max_size=3), second=st.lists(events, max_size=3))
def test_a_block_hangs_on_the_block_before_it(
    first: list[ChainedEvent], second: list[ChainedEvent]
) -> None:
    before = block_digest(ORIGIN, first)
    forged = block_digest(ORIGIN, [*first, FIRST])

    assert block_digest(before, second) != block_digest(forged, second)
