"""Reports and their schedules."""

from datetime import UTC, date, datetime, time

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.reports import ReportKind, ReportRun, ReportSchedule
from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory


class ReportScheduleFactory(DjangoModelFactory[ReportSchedule]):
    """Key figures of seven days, every morning at seven."""

    class Meta:
        model = ReportSchedule

    name = Sequence(lambda number: f"早报{number}")
    kind = ReportKind.KPIS
    at_time = time(7)
    recipients = "ops@example.cn\nboss@example.cn"
    made_by = SubFactory(UserFactory, role=Role.BUYER)


class ReportRunFactory(DjangoModelFactory[ReportRun]):
    """A report that waits for a worker."""

    class Meta:
        model = ReportRun

    kind = ReportKind.SKUS
    from_on = date(2026, 3, 5)
    until_on = date(2026, 3, 11)
    asked_by = SubFactory(UserFactory, role=Role.BUYER)
    asked_at = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
