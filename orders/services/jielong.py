"""Group chains (接龙): a pasted snapshot becomes rows; a clear row becomes a payment link.

Nothing here places an order by itself. A row that is ready is an unpaid
intent: whoever opens its link goes through the shop's own checkout, which
checks limits, stock and clocks; or the leader pays for chosen rows
(`orders.services.jielong_prepayment`).
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.services.audit import audit
from orders.domain.cutoff import Phase
from orders.domain.jielong.chain import Chain, Doubt, Entry, Problem
from orders.domain.jielong.doors import Door
from orders.domain.jielong.merging import Merge, household, merge, words
from orders.domain.jielong.parsing import parse
from orders.domain.jielong.text import clean
from orders.domain.lifecycle import JIELONG_ENTRY_LIFECYCLE
from orders.errors import OrderingClosed
from orders.jielong_errors import (
    JielongEntryClosed,
    JielongItemsMissing,
    JielongReasonMissing,
    JielongTextEmpty,
)
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import Sku
from orders.models.jielong import (
    JielongEntry,
    JielongEntryState,
    JielongImport,
    JielongItem,
    SkuAlias,
)
from orders.models.orders import Order, OrderState
from orders.models.residents import Resident
from orders.selectors.jielong import (
    Neighbours,
    entry_by_token,
    entry_value,
    goods_on_sale,
    import_newest,
)

TOKEN_BYTES = 12
QTY_MAX = 99
ALIAS_LENGTH = 120
EMPTY = Merge(kept=(), changed=(), added=(), gone=(), conflicts=(), entries=())
# An order that came to nothing may be asked for again.
OVER = (OrderState.CANCELLED, OrderState.LATE_PAID)
EDITABLE = (JielongEntryState.UNCLEAR, JielongEntryState.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What a paste led to; `is_new` is False for a text that was there already."""

    jielong_import: JielongImport
    is_new: bool
    merge: Merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a leader makes of one row: goods by offer, and who it is for."""

    quantities: Mapping[int, int]
    nickname: str
    building: str = ""
    room: str = ""
    resident: Resident | None = None


def chain_read(*, text: str, campaign: Campaign, leader: Leader | None) -> Chain:
    """Understand a text against what a campaign sells; writes nothing.

    The letters of the leader's last header count for texts without one, and
    the names of their rows settle where a nickname ends.
    """
    former = import_newest(leader, campaign) if leader is not None else None
    goods = goods_on_sale(campaign, leader)
    names: list[str] = []
    if former is not None:
        declared = parse(former.raw_text, goods).goods
        marks = {each.sku_code: each.mark for each in declared if each.sku_code}
        goods = goods_on_sale(campaign, leader, marks)
        rows = former.entries.exclude(nickname="")
        names = list(rows.values_list("nickname", flat=True).distinct())
    return parse(text, goods, known_names=names)


@transaction.atomic
def jielong_import(
    *, leader: Leader, campaign: Campaign, text: str, actor: User, now: datetime
) -> ImportOutcome:
    """Keep a pasted snapshot and its rows; the same text again changes nothing.

    The newest snapshot supersedes the rows of the one before that were not
    ordered. A row that says the same keeps what was decided about it and its
    payment link; one that collided with somebody else's is carried over for a
    person to decide; nobody who ordered is asked to pay twice. Raises
    `OrderingClosed` and `JielongTextEmpty`.
    """
    if campaign.state != CampaignState.OPEN or campaign.timeline.phase_at(now) != Phase.ORDERING:
        raise OrderingClosed("Ordering is closed.", campaign=campaign.code)
    _one_at_a_time(leader)
    digest = text_digest(text)
    mine = JielongImport.objects.filter(leader=leader, campaign=campaign)
    if known := mine.filter(digest=digest).first():
        return ImportOutcome(jielong_import=known, is_new=False, merge=EMPTY)
    chain = chain_read(text=text, campaign=campaign, leader=leader)
    if not chain.entries:
        raise JielongTextEmpty("There is no row of a chain in this text.")
    former = import_newest(leader, campaign)
    last_no: int = mine.aggregate(no=Max("snapshot_no"))["no"] or 0
    snapshot = JielongImport.objects.create(
        leader=leader,
        campaign=campaign,
        snapshot_no=last_no + 1,
        raw_text=text,
        digest=digest,
        made_by=actor,
        made_at=now,
    )
    merged = _rows_write(snapshot, former, chain, now)
    audit(
        action="jielong.imported",
        about=snapshot,
        actor=actor,
        now=now,
        facts={"rows": len(chain.entries), "snapshot": snapshot.snapshot_no},
    )
    return ImportOutcome(jielong_import=snapshot, is_new=True, merge=merged)


@transaction.atomic
def jielong_resolve(
    *, entry: JielongEntry, decision: Decision, actor: User, now: datetime
) -> JielongEntry:
    """Settle what a row asks for; it is ready then and has a payment link.

    Raises `JielongItemsMissing` for goods that are not of its campaign or no
    quantity, and `JielongEntryClosed` if the row is not open.
    """
    wanted = {offer: qty for offer, qty in decision.quantities.items() if qty}
    campaign_id = entry.jielong_import.campaign_id
    offers = set(
        Offer.objects.filter(campaign=campaign_id, pk__in=wanted).values_list("pk", flat=True)
    )
    if not wanted or offers != wanted.keys() or not all(0 < q <= QTY_MAX for q in wanted.values()):
        raise JielongItemsMissing("Pick at least one piece of something.")
    if decision.resident and decision.resident.leader_id != entry.jielong_import.leader_id:
        raise JielongItemsMissing("This resident belongs to another leader.")
    changed = JielongEntry.objects.filter(pk=entry.pk, state__in=EDITABLE).update(
        state=JielongEntryState.READY,
        nickname=decision.nickname.strip(),
        building=decision.building.strip(),
        room=decision.room.strip(),
        resident=decision.resident,
        problems=[],
        confidence_bp=10_000,
        token=entry.token or _token(),
        changed_at=now,
    )
    if not changed:
        raise _closed()
    said = dict(entry.items.values_list("offer_id", "raw"))
    entry.items.all().delete()
    JielongItem.objects.bulk_create(
        JielongItem(entry=entry, offer_id=offer, qty=qty, raw=said.get(offer, ""))
        for offer, qty in wanted.items()
    )
    audit(action="jielong.resolved", about=entry, actor=actor, now=now)
    entry.refresh_from_db()
    return entry


@transaction.atomic
def jielong_dismiss(*, entry: JielongEntry, reason: str, actor: User, now: datetime) -> None:
    """Drop a row with a reason; its link is dead. Raises `JielongEntryClosed`."""
    if not reason.strip():
        raise JielongReasonMissing("Say why the row is dismissed.")
    _move(entry, JielongEntryState.DISMISSED, now, note=reason.strip()[:120], token="")
    audit(action="jielong.dismissed", about=entry, actor=actor, now=now, reason=reason.strip())


@transaction.atomic
def jielong_reopen(*, entry: JielongEntry, actor: User, now: datetime) -> None:
    """Take a dismissed row up again, to be resolved anew. Raises `JielongEntryClosed`."""
    _move(entry, JielongEntryState.UNCLEAR, now, note="", token="")
    audit(action="jielong.reopened", about=entry, actor=actor, now=now)


@transaction.atomic
def jielong_ordered(*, token: str, order: Order, now: datetime) -> bool:
    """Note that a row's link led to an order; False if the row was not waiting any more."""
    entry = entry_by_token(token)
    if entry is None or (entry.jielong_import.campaign_id, entry.jielong_import.leader_id) != (
        order.campaign_id,
        order.leader_id,
    ):
        return False
    # By its own columns alone: a condition on a joined table would be looked at
    # before the row is locked, and let two orders through.
    return bool(
        JielongEntry.objects.filter(
            pk=entry.pk,
            token=token,
            state__in=JIELONG_ENTRY_LIFECYCLE.sources_of(JielongEntryState.ORDERED),
        ).update(state=JielongEntryState.ORDERED, order=order, changed_at=now)
    )


@transaction.atomic
def alias_learn(*, leader: Leader, word: str, sku: Sku, actor: User, now: datetime) -> bool:
    """Let a word of this leader's group mean a SKU from now on; False if it means one already."""
    alias = clean(word)[:ALIAS_LENGTH]
    if not alias:
        return False
    row, is_new = SkuAlias.objects.get_or_create(leader=leader, alias=alias, defaults={"sku": sku})
    if is_new:
        audit(action="sku_alias.learned", about=row, actor=actor, now=now, facts={"sku": sku.code})
    return is_new


def text_digest(text: str) -> str:
    """SHA-256 of a pasted text in hex; line ends and blanks at the ends are no part of it."""
    lines = (line.strip() for line in text.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _one_at_a_time(leader: Leader) -> None:
    """Let a leader's pastes wait for one another: each builds on the one before."""
    Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)


def _rows_write(
    snapshot: JielongImport, former: JielongImport | None, chain: Chain, now: datetime
) -> Merge:
    """Write the rows of a snapshot and close those of the one before."""
    old_rows = _open_rows(former)
    old = {entry.position: entry for entry in map(entry_value, old_rows.values())}
    merged = merge(list(old.values()), list(chain.entries))
    kept = {pair.new.position: old_rows[pair.old.position] for pair in merged.kept}
    ordered = _ordered_before(snapshot)
    offers = {
        offer.sku.code: offer
        for offer in Offer.objects.filter(campaign=snapshot.campaign_id).select_related("sku")
    }
    for row in old_rows.values():
        if row.state != JielongEntryState.ORDERED:
            _move(row, JielongEntryState.SUPERSEDED, now, token="")
    neighbours = Neighbours(snapshot.leader_id)
    new_count = len(chain.entries)
    for position, entry in enumerate(merged.entries, start=1):
        before = kept.get(entry.position) if position <= new_count else None
        if position > new_count and old_rows[entry.position].state == JielongEntryState.ORDERED:
            continue
        row = _row(snapshot, position, entry, ordered, now)
        at_door = neighbours.at_door(Door(entry.building, entry.room))
        row.resident = at_door[0] if len(at_door) == 1 else None
        if before is not None:
            _carry(row, before)
        row.save(force_insert=True)
        _items_write(row, entry, before, offers)
    return merged


def _open_rows(former: JielongImport | None) -> dict[int, JielongEntry]:
    """The rows of a snapshot that count, by position, locked."""
    if former is None:
        return {}
    rows = former.entries.exclude(state=JielongEntryState.SUPERSEDED).order_by("pk")
    return {row.position: row for row in rows.select_for_update(of=("self",))}


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Who has ordered in this chain, by their words and by household, with the order's number."""

    by_words: Mapping[str, str]
    by_household: Mapping[tuple[str, str, str], str]


def _ordered_before(snapshot: JielongImport) -> _Ordered:
    rows = JielongEntry.objects.filter(
        jielong_import__leader=snapshot.leader_id,
        jielong_import__campaign=snapshot.campaign_id,
        state=JielongEntryState.ORDERED,
    ).exclude(order__state__in=OVER)
    rows = rows.select_related("order")
    numbers = [(entry_value(row), row.order.order_no if row.order else "") for row in rows]
    return _Ordered(
        {words(entry): order_no for entry, order_no in numbers},
        {household(entry): order_no for entry, order_no in numbers},
    )


def _row(
    snapshot: JielongImport, position: int, entry: Entry, ordered: _Ordered, now: datetime
) -> JielongEntry:
    """A row as it was understood: ready if it is clear, dismissed if it was ordered before."""
    row = JielongEntry(
        jielong_import=snapshot,
        position=position,
        raw=entry.raw,
        nickname=entry.nickname,
        building=entry.building,
        room=entry.room,
        operation=str(entry.operation or ""),
        confidence_bp=entry.confidence_bp,
        changed_at=now,
    )
    problems = list(entry.problems)
    if order_no := ordered.by_words.get(words(entry)):
        row.state, row.note = JielongEntryState.DISMISSED, order_no
    elif order_no := ordered.by_household.get(household(entry)):
        problems.append(Problem(Doubt.ORDERED_BEFORE, order_no))
    elif entry.is_clear:
        row.state, row.token = JielongEntryState.READY, _token()
    row.problems = [{"doubt": each.doubt.value, "words": each.words} for each in problems]
    return row


def _carry(row: JielongEntry, before: JielongEntry) -> None:
    """What was decided about a row holds for the same row of the next snapshot."""
    row.resident_id = before.resident_id or row.resident_id
    if before.state == JielongEntryState.READY:
        row.state, row.token, row.problems = before.state, before.token, []
        row.nickname, row.building, row.room = before.nickname, before.building, before.room
        row.confidence_bp = before.confidence_bp
    elif before.state == JielongEntryState.DISMISSED:
        row.state, row.note, row.token = before.state, before.note, ""


def _items_write(
    row: JielongEntry,
    entry: Entry,
    before: JielongEntry | None,
    offers: Mapping[str, Offer],
) -> None:
    if before is not None and before.state == JielongEntryState.READY:
        said: Sequence[tuple[int, int, str]] = [
            (item.offer_id, item.qty, item.raw) for item in before.items.all()
        ]
    else:
        said = [(offers[item.sku_code].pk, item.qty, item.raw) for item in entry.items]
    JielongItem.objects.bulk_create(
        JielongItem(entry=row, offer_id=offer, qty=qty, raw=raw[:120]) for offer, qty, raw in said
    )


def _move(entry: JielongEntry, state: JielongEntryState, now: datetime, **columns: str) -> None:
    changed = JielongEntry.objects.filter(
        pk=entry.pk, state__in=JIELONG_ENTRY_LIFECYCLE.sources_of(state)
    ).update(state=state, changed_at=now, **columns)
    if not changed:
        raise _closed()


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _closed() -> JielongEntryClosed:
    return JielongEntryClosed("This row has been decided already.")
