"""gunicorn in production. Its access log stays off: paths hold links that open things.

The application writes a line for each request itself, masked (config/logs.py),
and the server in front has one of its own (deploy/nginx/tuanpei.conf).
"""

import os

from prometheus_client.multiprocess import mark_process_dead

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = False  # a reload (HUP) takes up new code worker by worker
graceful_timeout = 30
timeout = 60
accesslog = None


def child_exit(server: object, worker: object) -> None:
    """Let the gauges of a worker that ended go with it."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(getattr(worker, "pid", 0))
