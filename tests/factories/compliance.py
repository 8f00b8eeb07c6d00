"""Rows of compliance: the operator's licences, and what residents ask about their data."""

from datetime import UTC, date, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from orders.models.legal import Licence
from orders.models.personal_data import PersonRequest, PersonRequestKind
from tests.factories.orders import ResidentFactory


class LicenceFactory(DjangoModelFactory[Licence]):
    """The operator's food licence, valid for years."""

    class Meta:
        model = Licence

    name = "食品经营许可证"
    holder = "青石生鲜有限公司"
    number = Sequence(lambda n: f"JY1410{n:04d}")
    valid_until = date(2029, 12, 31)


class PersonRequestFactory(DjangoModelFactory[PersonRequest]):
    """A resident asks for a copy of the data."""

    class Meta:
        model = PersonRequest

    resident = SubFactory(ResidentFactory)
    kind = PersonRequestKind.EXPORT
    asked_at = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
    due_at = datetime(2026, 3, 26, 1, 0, tzinfo=UTC)
