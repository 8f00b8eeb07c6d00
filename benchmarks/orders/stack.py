"""The production stack on one machine: PostgreSQL with fsync on, and gunicorn.

Everything is made for one run and removed after it: a server of its own, a
database, a port. The settings are those of production; a proxy's header says
that the request came by https.
"""

import os
import resource
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.commands import manage
from config.embedded.places import server_root, var_dir
from config.embedded.ports import HOST, free_port, is_free
from config.embedded.postgres import PostgresServer
from config.embedded.supervisor import Program, Supervisor

DATABASE = "orders"
WORKERS = 2
THREADS = 4
MERCHANT = (
    *("MERCHANT_ID", "APP_ID", "API_V3_KEY", "MERCHANT_SERIAL", "MERCHANT_KEY_FILE"),
    *("PLATFORM_KEY_ID", "PLATFORM_KEY_FILE"),
)
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Stack:
    """What runs: the database server, the environment of programs, and their logs."""

    server: PostgresServer
    environment: Mapping[str, str]
    folder: Path

    @property
    def database_log(self) -> Path:
        """What PostgreSQL writes."""
        return self.server.root / "server.log"

    def admin(self) -> psycopg.Connection:
        """A session of the owner that commits each statement."""
        return psycopg.connect(self.server.url(DATABASE), autocommit=True)

    def log_statements(self, on: bool) -> None:
        """Let PostgreSQL write every statement of sessions that begin from now on."""
        statement = "ALTER DATABASE {} SET log_statement = {}"
        with self.admin() as connection:
            connection.execute(
                sql.SQL(statement).format(sql.Identifier(DATABASE), "all" if on else "none")
            )


@contextmanager
def stack() -> Iterator[Stack]:
    """A migrated database on a server that flushes every commit to disk."""
    folder = var_dir() / "bench-orders"
    folder.mkdir(parents=True, exist_ok=True)
    server = PostgresServer(server_root("bench-orders-postgres"))
    server.join()
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.ensure_database(DATABASE)
        environment = os.environ | {
            "DATABASE_URL": server.url(DATABASE),
            "DJANGO_SETTINGS_MODULE": "benchmarks.orders.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "BROKER_URL": "redis://127.0.0.1:1/0",  # nothing in a request may speak to it
            # Production starts with a merchant only; benchmarks.orders.settings has none.
            "MESSAGE_CHANNELS": "wechat,sms",
            "PAYMENT_PROVIDER": "wechatpay",
            **{f"WECHATPAY_{name}": "none" for name in MERCHANT},
        }
        manage(environment, "migrate", "--skip-checks", "--verbosity", "0")
        yield Stack(server, environment, folder)
    finally:
        server.destroy()


@contextmanager
def web(of: Stack) -> Iterator[tuple[int, int]]:
    """Gunicorn as in production; yields its port and the id of its first process."""
    port = free_port()
    program = Program(
        name="web",
        command=(
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
            *("--bind", f"{HOST}:{port}", "--worker-class", "gthread"),
            *("--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--keep-alive", "75", "--graceful-timeout", "5", "--preload"),
            "--no-control-socket",
        ),
        environment=of.environment,
        is_ready=lambda: not is_free(port),
    )
    with Supervisor(of.folder) as supervisor:
        pid = supervisor.launch(program)
        supervisor.wait_ready(program.name)
        yield port, pid


@dataclass(frozen=True, slots=True)
class CpuSeconds:
    """Seconds of processor time that each part has used so far."""

    web: float
    database: float
    generator: float

    def since(self, earlier: "CpuSeconds") -> "CpuSeconds":
        """What was used between two readings."""
        return CpuSeconds(
            web=self.web - earlier.web,
            database=self.database - earlier.database,
            generator=self.generator - earlier.generator,
        )


def cpu_seconds(of: Stack, web_pid: int) -> CpuSeconds:
    """Read the processor time of gunicorn, PostgreSQL and this process."""
    postmaster = int((of.server.root / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    own = resource.getrusage(resource.RUSAGE_SELF)
    return CpuSeconds(
        web=_family_seconds(web_pid),
        database=_family_seconds(postmaster),
        generator=own.ru_utime + own.ru_stime,
    )


def _family_seconds(pid: int) -> float:
    """A process and its children, those it has buried included."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parent, spent, buried = int(facts[1]), facts[11:13], facts[13:15]
        if int(entry.parent.name) == pid:
            ticks += sum(map(int, [*spent, *buried]))
        elif parent == pid:
            ticks += sum(map(int, spent))
    return ticks / TICKS_PER_S
