"""What an application consists of, and what it still wants."""

from datetime import time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.applications import (
    ApplicationDocument,
    ChecklistItem,
    DocumentKind,
    LeaderApplication,
    PointKind,
)
from leaders.selectors.applications import application_score, onboarding_of
from leaders.services.applications import checklist_tick, consent_give, quiz_take
from tests.factories.applicants import NOW, RIGHT_ANSWERS, AgreementFactory
from tests.factories.leaders import LeaderApplicationFactory

pytestmark = pytest.mark.django_db

PLACE, IDENTITY = DocumentKind.PLACE, DocumentKind.IDENTITY
LICENCE, EXEMPTION = DocumentKind.BUSINESS_LICENCE, DocumentKind.EXEMPTION


def hand_in(application: LeaderApplication, *kinds: DocumentKind) -> None:
    for kind in kinds:
        ApplicationDocument.objects.create(
            application=application, kind=kind, photo="x.jpg", digest=kind, added_at=NOW
        )


@pytest.mark.parametrize(
    ("point_kind", "handed_in", "missing"),
    [
        (PointKind.SHOP, (), (PLACE, IDENTITY, LICENCE)),
        (PointKind.SHOP, (PLACE, IDENTITY, EXEMPTION), (LICENCE,)),
        (PointKind.PROPERTY, (PLACE, IDENTITY, LICENCE), ()),
        (PointKind.HOME, (PLACE,), (IDENTITY, EXEMPTION)),
        (PointKind.HOME, (PLACE, IDENTITY, LICENCE), ()),
        (PointKind.LOCKER, (PLACE, IDENTITY, EXEMPTION), ()),
    ],
)
def test_each_kind_of_place_wants_its_documents(
    point_kind: PointKind, handed_in: tuple[DocumentKind, ...], missing: tuple[DocumentKind, ...]
) -> None:
    application = LeaderApplicationFactory.create(point_kind=point_kind)
    hand_in(application, *handed_in)

    assert onboarding_of(application, now=NOW).missing_kinds == missing


def test_training_is_over_when_everything_is_done() -> None:
    application = LeaderApplicationFactory.create()
    agreement = AgreementFactory.create()
    pk = application.pk
    assert not onboarding_of(application, now=NOW).is_trained

    consent_give(application_id=pk, version=agreement.version, signed_name="陈晓梅", now=NOW)
    quiz_take(application_id=pk, answers=RIGHT_ANSWERS, now=NOW)
    # A pass stays a pass, whatever is tried for fun afterwards.
    quiz_take(application_id=pk, answers={}, now=NOW)
    *most, last = ChecklistItem
    for item in most:
        checklist_tick(application_id=pk, item=item, now=NOW)
    assert onboarding_of(application, now=NOW).open_items == (last,)
    checklist_tick(application_id=pk, item=last, now=NOW)

    assert onboarding_of(application, now=NOW).is_trained


def test_a_newer_version_wants_a_new_consent() -> None:
    application = LeaderApplicationFactory.create()
    old = AgreementFactory.create()
    consent_give(application_id=application.pk, version=old.version, signed_name="陈晓梅", now=NOW)
    newer = AgreementFactory.create(published_at=NOW + timedelta(days=1))

    later = onboarding_of(application, now=NOW + timedelta(days=1))

    assert (later.agreement, later.consent) == (newer, None)


def test_the_queries_are_few(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    application = LeaderApplicationFactory.create()
    AgreementFactory.create()

    with django_assert_num_queries(5):
        onboarding_of(application, now=NOW)


def test_a_score_is_made_of_what_was_said() -> None:
    application = LeaderApplicationFactory.create(
        point_kind=PointKind.SHOP, opens_at=time(7), closes_at=time(21), group_size=300
    )

    assert application_score(application).points == 50
    application.closes_at = None
    assert application_score(application).points == 20
