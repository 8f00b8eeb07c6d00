"""The agreement a new operator starts with."""

from datetime import timedelta

import pytest

from leaders.errors import ConsentRefused
from leaders.models.agreements import Agreement
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.audit import AuditEvent
from leaders.selectors.agreements import consent_of_leader
from leaders.services.agreements import default_agreement_write, leader_consent_give
from leaders.services.applications import consent_give
from tests.factories.applicants import NOW, AgreementFactory
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory

pytestmark = pytest.mark.django_db


def test_the_first_text_is_published_once() -> None:
    assert default_agreement_write(now=NOW)
    assert not default_agreement_write(now=NOW + timedelta(days=1))

    agreement = Agreement.objects.get()
    assert (agreement.title, agreement.published_at) == ("团长合作协议", NOW)
    assert len(agreement.body.split("\n\n")) > 20
    assert agreement.body.startswith("一、")


def test_an_operator_s_own_text_stays_alone() -> None:
    own = AgreementFactory.create()

    assert not default_agreement_write(now=NOW)

    assert Agreement.objects.get() == own


def test_a_leader_agrees_once_to_a_later_version() -> None:
    leader = LeaderFactory.create(name="林秀英")
    AgreementFactory.create(version="old")
    AgreementFactory.create(version="new", published_at=NOW)
    assert leader.user is not None

    for _tap in range(2):
        consent = leader_consent_give(
            leader=leader, version="new", signed_name="林秀英 ", actor=leader.user, now=NOW
        )

    assert (consent.agreement.version, consent.agreed_at) == ("new", NOW)
    assert leader.consents.count() == 1
    assert AuditEvent.objects.get().action == "leader.agreed"


@pytest.mark.parametrize(("version", "name"), [("old", "林秀英"), ("new", "林秀"), ("new", " ")])
def test_an_old_version_or_another_name_is_no_consent_of_a_leader(version: str, name: str) -> None:
    leader = LeaderFactory.create(name="林秀英")
    AgreementFactory.create(version="old")
    AgreementFactory.create(version="new", published_at=NOW)
    assert leader.user is not None

    with pytest.raises(ConsentRefused):
        leader_consent_give(
            leader=leader, version=version, signed_name=name, actor=leader.user, now=NOW
        )

    assert not leader.consents.exists()


def test_what_was_signed_as_an_applicant_counts_for_the_leader() -> None:
    application = LeaderApplicationFactory.create()
    agreement = AgreementFactory.create(version="v")
    given = consent_give(application_id=application.pk, version="v", signed_name="陈晓梅", now=NOW)
    leader = LeaderFactory.create(name="陈晓梅")
    LeaderApplication.objects.update(
        state=ApplicationState.APPROVED, reviewed_at=NOW, leader=leader
    )

    assert consent_of_leader(leader, agreement) == given
