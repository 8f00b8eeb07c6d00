"""The digest over a block of audit events and the block before it.

An event is told as canonical JSON: names in alphabetical order, no blanks,
moments in UTC to the microsecond. The digest of a block is SHA-256 over the
digest before it and one line for each event. Whoever changes, adds or removes
one event would have to make every later digest anew, and the newest of them
is known outside (docs/operations.md).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# What stands before the first block.
ORIGIN = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """All that an audit event says; ids of other rows are numbers or None."""

    event_id: int
    at: datetime
    actor_id: int | None
    action: str
    object_type: str
    object_id: str
    facts: Mapping[str, object]
    reason: str
    elevation_id: int | None
    request_id: str

    def canonical(self) -> str:
        """The event as one line of canonical JSON."""
        told = {
            "action": self.action,
            "actor": self.actor_id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "elevation": self.elevation_id,
            "facts": self.facts,
            "id": self.event_id,
            "object_id": self.object_id,
            "object_type": self.object_type,
            "reason": self.reason,
            "request": self.request_id,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def block_digest(previous: str, events: Iterable[ChainedEvent]) -> str:
    """Return the digest of a block that follows the block with digest `previous`."""
    digest = hashlib.sha256(previous.encode())
    for event in events:
        # JSON holds no line break of its own, so no two blocks read the same.
        digest.update(b"\n" + event.canonical().encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
