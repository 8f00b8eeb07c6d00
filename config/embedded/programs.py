"""The platform's own programs: the worker with its clock, and the web server."""

import http.client
import sys
from collections.abc import Mapping

from config.embedded.ports import HOST
from config.embedded.supervisor import Program


def worker_program(environment: Mapping[str, str]) -> Program:
    """One worker with beat inside; production runs beat by itself, once.

    Threads, because a step that prints starts helper processes of its own,
    which the processes of a prefork pool may not.
    """
    return Program(
        name="worker",
        command=(
            *(sys.executable, "-m", "celery", "--app", "config", "worker"),
            *("--beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
            *("--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ),
        environment=environment,
        is_ready=lambda: True,
    )


def web_program(environment: Mapping[str, str], port: int) -> Program:
    """gunicorn on the loopback address."""
    return Program(
        name="web",
        command=(
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
            *("--bind", f"{HOST}:{port}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
            "--preload",  # the code is read once for both, which halves the start
            *("--access-logfile", "-", "--no-control-socket"),
        ),
        environment=environment,
        is_ready=lambda: _serves(port),
    )


def _serves(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
