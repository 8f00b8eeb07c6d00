"""People who apply, and what they need for it."""

from datetime import UTC, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.domain.coordinates import Place
from leaders.domain.quiz import QUESTIONS
from leaders.models.agreements import Agreement
from leaders.models.applications import PointKind
from leaders.models.invites import InviteCode
from leaders.services.applications import ApplicationDetails
from tests.factories.leaders import LeaderFactory, UserFactory

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DETAILS = ApplicationDetails(
    applicant_name="陈晓梅",
    phone="199 1111 0001",
    community_name="桃园里",
    district="金水",
    address="花园路 8 号",
    point_kind=PointKind.SHOP,
    place=Place(113.68, 34.79),
    has_agreed_to_privacy=True,
)
RIGHT_ANSWERS = {question.code: question.right for question in QUESTIONS}


class InviteCodeFactory(DjangoModelFactory[InviteCode]):
    """A leader's code, good until the end of March 2026."""

    class Meta:
        model = InviteCode

    code = Sequence(lambda n: f"TUAN{n:04d}")
    inviter = SubFactory(LeaderFactory)
    made_by = SubFactory(UserFactory)
    made_at = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    expires_at = datetime(2026, 3, 31, 2, 0, tzinfo=UTC)


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A version in force since the beginning of 2026."""

    class Meta:
        model = Agreement

    version = Sequence(lambda n: f"2026-{n}")
    title = "团长合作协议"
    body = "第一段\n\n第二段"
    published_at = datetime(2026, 1, 1, tzinfo=UTC)
