"""The queue of the workers: somebody waits for a task and not for the next tick."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def worker_wake(task: str, argument: int) -> bool:
    """Put a task into the queue; False if the queue does not answer.

    Whoever calls it has written into rows what is due, so a task that is lost
    is only later: the schedule finds it.
    """
    try:
        current_app.send_task(task, args=[argument], retry=False)
    except OperationalError:
        logger.warning("The queue does not answer; %s waits for the schedule.", task)
        return False
    return True
