"""Which queue each task waits in."""

from uuid import uuid4

import pytest
from celery import Celery

TASKS = {
    "fulfillment.tasks.advance": "default",
    "fulfillment.tasks.advance_outward": "default",
    "fulfillment.tasks.advance_run": "runs",
    "fulfillment.tasks.solve_draft": "plans",
    "fulfillment.tasks.report_build": "reports",
}


@pytest.fixture
def broker() -> Celery:
    """The application's queues on a broker that nobody else uses."""
    app = Celery(f"queues-{uuid4()}", broker="memory://")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url="memory://")
    return app


@pytest.mark.parametrize(("task", "queue"), TASKS.items())
def test_a_task_waits_in_one_queue_and_in_no_other(broker: Celery, task: str, queue: str) -> None:
    with broker.connection_for_write() as connection:
        bound = {name: each(connection.channel()) for name, each in broker.amqp.queues.items()}
        for each in bound.values():
            each.declare()
            each.purge()

        broker.send_task(task, args=[1], connection=connection)

        waiting = {name for name, each in bound.items() if each.get(no_ack=True) is not None}
    assert waiting == {queue}


def test_a_worker_that_is_told_nothing_takes_from_every_queue(broker: Celery) -> None:
    assert set(broker.amqp.queues.consume_from) == set(TASKS.values())
