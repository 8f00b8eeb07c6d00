"""Rows of recruiting and of looking after leaders."""

from datetime import UTC, date, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.models.accounts import Role, User
from leaders.models.care import Substitution
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory


class RecruiterFactory(UserFactory):
    """The log-in of a recruiter."""

    class Meta:
        model = User

    username = Sequence(lambda n: f"recruiter{n:03d}")
    role = Role.RECRUITER
    is_staff = True


class SubstitutionFactory(DjangoModelFactory[Substitution]):
    """Somebody minds another leader's point from the 3rd to the 5th of March 2026."""

    class Meta:
        model = Substitution

    pickup_point = SubFactory(PickupPointFactory)
    substitute = SubFactory(LeaderFactory)
    from_date = date(2026, 3, 3)
    until_date = date(2026, 3, 5)
    made_by = SubFactory(RecruiterFactory)
    made_at = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
