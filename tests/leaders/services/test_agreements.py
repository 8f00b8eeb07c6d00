"""The agreement a new operator starts with."""

from datetime import timedelta

import pytest

from leaders.models.agreements import Agreement
from leaders.services.agreements import default_agreement_write
from tests.factories.applicants import NOW, AgreementFactory

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
