"""The embedded broker: answers who knows the password, stops without a trace."""

from pathlib import Path

import pytest
import redis

from config.embedded import processes
from config.embedded.supervisor import Supervisor
from config.embedded.valkey import valkey_program


def test_it_keeps_messages_for_who_knows_the_password(tmp_path: Path) -> None:
    broker, url = valkey_program(tmp_path)
    with Supervisor(tmp_path) as supervisor:
        pid = supervisor.launch(broker)
        supervisor.wait_ready("valkey")

        with redis.Redis.from_url(url) as client:
            client.lpush("queue", "message")
            kept = client.lrange("queue", 0, -1)
        stranger = redis.Redis(port=int(url.rpartition(":")[2].partition("/")[0]))
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()

    assert kept == [b"message"]
    assert not processes.is_alive(pid)
    assert not (tmp_path / "dump.rdb").exists()


def test_the_password_is_not_on_the_command_line(tmp_path: Path) -> None:
    broker, url = valkey_program(tmp_path)
    password = url.removeprefix("redis://:").partition("@")[0]

    assert password in broker.input.decode()
    assert all(password not in part for part in broker.command)
