"""What goes back over the wire."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer; `facts` are signed JSON, `content` is anything else.

    `location` redirects. Neither facts nor content is an empty body.
    """

    status: int = 200
    facts: dict[str, Any] | None = None
    content: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    location: str = ""
    is_signed: bool = True

    @property
    def body(self) -> bytes:
        """The bytes of the body."""
        if self.facts is None:
            return self.content
        return json.dumps(self.facts, ensure_ascii=False).encode()


class Silence(Exception):
    """No answer at all: the connection is cut."""
