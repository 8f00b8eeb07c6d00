"""The rules in force and the licences to show, for the foot of every page."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Q, QuerySet

from orders.models.legal import Licence, RuleKind, RulePage

OPERATOR_CACHED_S = 60
OPERATOR_KEY = "legal:operator"
TITLE = re.compile(r"[一二三四五六七八九十]+、.{1,40}$")


@dataclass(frozen=True, slots=True)
class RuleText:
    """A version of a page of rules, and all versions, the newest first."""

    page: RulePage
    versions: tuple[RulePage, ...]

    @property
    def is_newest(self) -> bool:
        """Whether this version is in force."""
        return self.page == self.versions[0]

    @property
    def parts(self) -> list[tuple[bool, str]]:
        """The text cut at its empty lines; a numbered line such as 一、总则 is a title."""
        parts = [part.strip() for part in re.split(r"\n\s*\n", self.page.body) if part.strip()]
        return [(bool(TITLE.match(part)), part) for part in parts]


def rule_text(kind: RuleKind, version: str, now: datetime) -> RuleText | None:
    """A version of a page of rules, the one in force if none is named; None if there is none."""
    versions = tuple(
        RulePage.objects.filter(kind=kind, published_at__lte=now).order_by("-published_at", "-pk")
    )
    for page in versions:
        if page.version == version or not version:
            return RuleText(page, versions)
    return None


def rule_version_in_force(kind: RuleKind, now: datetime) -> str:
    """The version of a page of rules that is in force; empty if none is published."""
    text = rule_text(kind, "", now)
    return text.page.version if text else ""


def privacy_version_to_agree(agreed: str, now: datetime) -> str:
    """The version of the privacy notice that is new to who agreed to this one; empty if none."""
    in_force = rule_version_in_force(RuleKind.PRIVACY, now)
    return "" if in_force == agreed else in_force


def licences_shown(today: date) -> QuerySet[Licence]:
    """The operator's licences that are valid on a day."""
    return Licence.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def operator_name(today: date) -> str:
    """Who sells: the holder of the first valid licence, or nothing; up to a minute old."""
    name: str | None = cache.get(OPERATOR_KEY)
    if name is None:
        name = licences_shown(today).order_by("pk").values_list("holder", flat=True).first() or ""
        cache.set(OPERATOR_KEY, name, OPERATOR_CACHED_S)
    return name
