"""The version of the platform: the newest one in the changelog."""

import re
from functools import cache
from typing import Any

from django.conf import settings

HEADING = re.compile(r"^## (\d+\.\d+\.\d+)\b", re.MULTILINE)


@cache
def project_version() -> str:
    """The number in the changelog's first heading."""
    text = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    found = HEADING.search(text)
    if found is None:
        raise ValueError("CHANGELOG.md has no heading such as '## 1.2.3'")
    return found[1]


def schema_versioned(result: dict[str, Any], **_context: object) -> dict[str, Any]:
    """Write the version into the description of the API (a hook of drf-spectacular)."""
    result["info"]["version"] = project_version()
    return result
