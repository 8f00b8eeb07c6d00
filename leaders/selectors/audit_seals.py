"""The chain of audit seals: the newest one, the events of a block, whether all holds."""

from dataclasses import dataclass

from leaders.domain.audit_chain import ORIGIN, ChainedEvent, block_digest
from leaders.models.audit import AuditEvent, AuditSeal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainCheck:
    """What a check of the chain found; `broken` is the first seal that does not hold."""

    seals: int
    events: int
    digest: str
    broken: AuditSeal | None = None


def seal_newest() -> AuditSeal | None:
    """The last seal of the chain."""
    return AuditSeal.objects.order_by("-last_id").first()


def events_chained(*, after_id: int, until_id: int, most: int | None = None) -> list[ChainedEvent]:
    """The events behind one id up to another, in order; with `most`, the first so many."""
    rows = AuditEvent.objects.filter(pk__gt=after_id, pk__lte=until_id).order_by("pk")
    fields = (
        "pk",
        "at",
        "actor_id",
        "action",
        "object_type",
        "object_id",
        "facts",
        "reason",
        "elevation_id",
        "request_id",
    )
    names = ("event_id", *fields[1:])
    found = rows.values_list(*fields)[:most]
    return [ChainedEvent(**dict(zip(names, row, strict=True))) for row in found]


def chain_check() -> ChainCheck:
    """Compute every seal anew from the events; stop at the first that does not hold.

    A block reaches from behind the seal before it to its own last event, so an
    event put into a gap breaks it as one taken away does.
    """
    digest, after_id, seals, events = ORIGIN, 0, 0, 0
    for seal in AuditSeal.objects.order_by("last_id").iterator():
        block = events_chained(after_id=after_id, until_id=seal.last_id)
        computed = block_digest(digest, block)
        told = (seal.digest, seal.events, seal.first_id)
        first_id = block[0].event_id if block else None
        if told != (computed, len(block), first_id):
            return ChainCheck(seals=seals, events=events, digest=digest, broken=seal)
        digest, after_id = computed, seal.last_id
        seals, events = seals + 1, events + len(block)
    return ChainCheck(seals=seals, events=events, digest=digest)
