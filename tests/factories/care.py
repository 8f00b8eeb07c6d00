"""Rows of recruiting and of looking after leaders."""

from datetime import UTC, date, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.models.accounts import Role, User
from leaders.models.agreements import Agreement
from leaders.models.applications import ChecklistItem, DocumentKind, LeaderApplication
from leaders.models.audit import AuditEvent
from leaders.models.care import Script, ScriptOccasion, Substitution
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


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
    made_at = AT


def trained_up(application: LeaderApplication, *, without: str = "") -> LeaderApplication:
    """Give an application all that an applicant does, but one thing.

    `without` is "", "consent", "quiz" or "checklist"; rows that are only ever
    added cannot be taken away again.
    """
    for kind in (DocumentKind.PLACE, DocumentKind.IDENTITY, DocumentKind.BUSINESS_LICENCE):
        application.documents.create(
            kind=kind, photo=f"applications/{kind}.jpg", digest=kind.value, added_at=AT
        )
    agreement, _is_new = Agreement.objects.get_or_create(
        version="2026-1", defaults={"title": "团长合作协议", "body": "……", "published_at": AT}
    )
    if without != "consent":
        application.consents.create(
            agreement=agreement, signed_name=application.applicant_name, agreed_at=AT
        )
    is_passed = without != "quiz"
    application.quiz_attempts.create(answers={}, right_count=0, is_passed=is_passed, taken_at=AT)
    for item in ChecklistItem:
        if without != "checklist" or item != ChecklistItem.PRACTICE:
            application.checklist_ticks.create(item=item, ticked_at=AT)
    return application


class ScriptFactory(DjangoModelFactory[Script]):
    """What a leader says when goods have come."""

    class Meta:
        model = Script

    occasion = ScriptOccasion.SELLING
    title = "到货通知"
    body = "货到了，请凭提货码来取。"


class AuditEventFactory(DjangoModelFactory[AuditEvent]):
    """A deed that somebody may ask about."""

    class Meta:
        model = AuditEvent

    at = AT
    action = "leader.suspended"
    object_type = "leader"
    object_id = "1"
    reason = "多次投诉"
