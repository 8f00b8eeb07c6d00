"""All that a recruiter looks at before taking an application a step on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fulfillment.selectors.point_conflicts import PointNear, points_near
from leaders.domain.scoring import Score, ScoreReason
from leaders.models.applications import LeaderApplication
from leaders.models.care import FollowUp
from leaders.selectors.applications import Onboarding, application_score, onboarding_of
from leaders.selectors.history import Deed, history_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

REASON_WORDS: "dict[ScoreReason, _StrOrPromise]" = {
    ScoreReason.SHOP: _("Shop with opening hours"),
    ScoreReason.GROUP: _("Group of 200 or more"),
    ScoreReason.FRIDGE: _("Has a fridge"),
    ScoreReason.GROUND_FLOOR: _("On the ground floor"),
    ScoreReason.EXPERIENCE: _("Has led a group before"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPage:
    """An application with its proofs, its score, the points around it and its history."""

    application: LeaderApplication
    onboarding: Onboarding
    score: Score
    near: Sequence[PointNear]
    follow_ups: Sequence[FollowUp]
    history: Sequence[Deed]
    waited: timedelta

    @property
    def reasons(self) -> "list[tuple[_StrOrPromise, int]]":
        """What the score looks at, in words, with the points it brought."""
        return [(REASON_WORDS[part.reason], part.points) for part in self.score.parts]


def application_page(pk: int, now: datetime) -> ApplicationPage | None:
    """Return the page of one application, or nothing where there is none, in ten queries."""
    application = (
        LeaderApplication.objects.select_related("invite__inviter", "leader", "reviewed_by")
        .filter(pk=pk)
        .first()
    )
    if application is None:
        return None
    return ApplicationPage(
        application=application,
        onboarding=onboarding_of(application, now=now),
        score=application_score(application),
        near=points_near(application, now),
        follow_ups=list(application.follow_ups.select_related("made_by")),
        history=history_of(application),
        waited=now - application.submitted_at,
    )
