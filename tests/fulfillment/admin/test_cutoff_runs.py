"""What buyers do with cut-off runs."""

import pytest
from django.test import Client

from fulfillment.models.cutoff_run import CutoffRun, StepState
from tests.factories.fulfillment import CutoffRunFactory, StepRecordFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/fulfillment/cutoffrun/"


def act(client: Client, action: str, run: CutoffRun) -> str:
    answer = client.post(LIST, {"action": action, "_selected_action": run.pk}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_given_up_step_is_handed_back_to_the_schedule(buyer: Client) -> None:
    step = StepRecordFactory.create(state=StepState.FAILED, attempts=5)

    said = act(buyer, "try_again", step.run)

    step.refresh_from_db()
    assert step.attempts == 0
    assert step.run.campaign.code in said


def test_a_run_without_a_failed_step_is_left_alone(buyer: Client) -> None:
    run = CutoffRunFactory.create()

    assert "没有失败的步骤" in act(buyer, "try_again", run)


def test_closing_receiving_makes_the_counts_final(buyer: Client) -> None:
    run = CutoffRunFactory.create()

    act(buyer, "close_receiving", run)

    run.refresh_from_db()
    assert run.receiving_closed_at is not None
