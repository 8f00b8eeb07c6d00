"""What tests that make requests up share."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

# Enough to reach every field of every operation with good and with spoiled values.
FUZZ = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def connection_kept() -> Iterator[None]:
    """Leave the test's own connection open after a request, as Django's test client does."""
    with ExitStack() as undone:
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            undone.callback(signal.connect, close_old_connections)
        yield
