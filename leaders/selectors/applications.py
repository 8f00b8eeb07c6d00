"""What an application consists of by now, and what it still wants from the applicant."""

from dataclasses import dataclass
from datetime import datetime

from leaders.domain.scoring import ApplicantFacts, Score, score
from leaders.models.agreements import Agreement, AgreementConsent
from leaders.models.applications import (
    ApplicationDocument,
    ChecklistItem,
    ChecklistTick,
    DocumentKind,
    LeaderApplication,
    PointKind,
    QuizAttempt,
)
from leaders.selectors.agreements import agreement_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """What the applicant has done; `missing_kinds` are documents without which nobody decides."""

    documents: tuple[ApplicationDocument, ...]
    missing_kinds: tuple[DocumentKind, ...]
    agreement: Agreement | None
    consent: AgreementConsent | None
    last_attempt: QuizAttempt | None
    is_quiz_passed: bool
    ticks: tuple[ChecklistTick, ...]

    @property
    def open_items(self) -> tuple[ChecklistItem, ...]:
        """What on the checklist is not ticked yet."""
        done = {tick.item for tick in self.ticks}
        return tuple(item for item in ChecklistItem if item not in done)

    @property
    def is_trained(self) -> bool:
        """Whether the agreement in force is signed, the quiz passed and everything ticked."""
        return self.consent is not None and self.is_quiz_passed and not self.open_items


def onboarding_of(application: LeaderApplication, *, now: datetime) -> Onboarding:
    """Return what the applicant has done so far, in five queries."""
    documents = tuple(application.documents.all())
    agreement = agreement_in_force(now)
    attempts = list(application.quiz_attempts.all())
    return Onboarding(
        documents=documents,
        missing_kinds=_missing(application, documents),
        agreement=agreement,
        consent=application.consents.filter(agreement=agreement).first() if agreement else None,
        last_attempt=attempts[-1] if attempts else None,
        is_quiz_passed=any(attempt.is_passed for attempt in attempts),
        ticks=tuple(application.checklist_ticks.all()),
    )


def application_score(application: LeaderApplication) -> Score:
    """The score of what the applicant said."""
    return score(
        ApplicantFacts(
            is_shop=application.point_kind == PointKind.SHOP,
            has_hours=application.opens_at is not None and application.closes_at is not None,
            has_fridge=application.has_fridge,
            is_ground_floor=application.is_ground_floor,
            is_experienced=application.is_experienced,
            group_size=application.group_size,
        )
    )


def required_kinds(application: LeaderApplication) -> tuple[DocumentKind, ...]:
    """The documents this kind of place needs.

    A shop shows its licence; anybody else declares small trade, unless they
    have a licence.
    """
    papers = {
        PointKind.SHOP.value: DocumentKind.BUSINESS_LICENCE,
        PointKind.PROPERTY.value: DocumentKind.BUSINESS_LICENCE,
    }
    trade = papers.get(application.point_kind, DocumentKind.EXEMPTION)
    return (DocumentKind.PLACE, DocumentKind.IDENTITY, trade)


def _missing(
    application: LeaderApplication, documents: tuple[ApplicationDocument, ...]
) -> tuple[DocumentKind, ...]:
    there = {document.kind for document in documents}
    if DocumentKind.BUSINESS_LICENCE in there:
        there.add(DocumentKind.EXEMPTION)
    return tuple(kind for kind in required_kinds(application) if kind not in there)
