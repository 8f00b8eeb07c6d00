"""A token opens the API for its holder, until it is revoked or too old."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from orders.models.residents import ResidentToken
from orders.selectors.resident_tokens import token_holder
from orders.services.resident_tokens import resident_token_issue, resident_token_revoke
from tests.factories.orders import ResidentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_a_token_finds_its_holder_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    resident = ResidentFactory.create()
    issued = resident_token_issue(resident_id=resident.pk, now=NOW)

    with django_assert_num_queries(1):
        holder = token_holder(token=issued.text, now=NOW)

    assert holder is not None
    assert (holder.resident_id, holder.leader_id) == (resident.pk, resident.leader_id)
    assert (holder.name, holder.phone) == (resident.name, resident.phone)
    assert (holder.building, holder.room) == (resident.building, resident.room)


def test_the_text_of_a_token_is_not_kept() -> None:
    issued = resident_token_issue(resident_id=ResidentFactory.create().pk, now=NOW)

    row = ResidentToken.objects.get()

    assert issued.text not in (row.digest, str(row))
    assert len(row.digest) == 64


@pytest.mark.parametrize(
    ("age", "is_found"), [(timedelta(days=60, seconds=-1), True), (timedelta(days=60), False)]
)
def test_a_token_lives_for_60_days(age: timedelta, is_found: bool) -> None:
    issued = resident_token_issue(resident_id=ResidentFactory.create().pk, now=NOW)

    holder = token_holder(token=issued.text, now=NOW + age)

    assert (holder is not None) is is_found


def test_a_revoked_token_opens_nothing_and_leaves_others_alone() -> None:
    resident = ResidentFactory.create()
    lost = resident_token_issue(resident_id=resident.pk, now=NOW)
    kept = resident_token_issue(resident_id=resident.pk, now=NOW)
    holder = token_holder(token=lost.text, now=NOW)
    assert holder is not None

    assert resident_token_revoke(token_id=holder.token_id, now=NOW)
    assert not resident_token_revoke(token_id=holder.token_id, now=NOW)

    assert token_holder(token=lost.text, now=NOW) is None
    assert token_holder(token=kept.text, now=NOW) is not None


def test_a_text_that_was_never_issued_finds_nobody() -> None:
    assert token_holder(token="☃" * 40, now=NOW) is None
