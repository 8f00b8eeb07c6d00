"""`make demo`: a town whose day has been played, served by the whole platform."""

import fcntl
import gettext
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import to_locale

from config.embedded.commands import bundle_folder, manage
from config.embedded.database import choose_database, project_server
from config.embedded.errors import EmbeddedServerError
from config.embedded.fake_wechat.program import fake_wechat_environment, fake_wechat_program
from config.embedded.places import PROJECT_DIR, var_dir
from config.embedded.ports import HOST, free_port, is_free
from config.embedded.postgres import PostgresServer
from config.embedded.programs import web_program, worker_program
from config.embedded.supervisor import ProgramEnded, Supervisor, end_leftovers
from config.embedded.valkey import valkey_program
from orders.domain.money import format_yuan

CODE_FOLDERS = ("config", "leaders", "orders", "fulfillment")

# For people, in the language of the site, which this process asks before Django runs.
_ = gettext.translation(
    "django",
    PROJECT_DIR / "locale",
    languages=[to_locale(os.environ.get("LANGUAGE_CODE", "zh-hans"))],
    fallback=True,
).gettext


@dataclass(frozen=True, slots=True)
class Day:
    """What is played: the bundle, the folder of its results, the database of its rows."""

    data: Path
    out: Path
    database: str

    @property
    def summary(self) -> Path:
        """Written by `play_day` when the whole day is done."""
        return self.out / "summary.json"

    @property
    def ready(self) -> Path:
        """Written when everything is prepared: for which code, and the log-ins."""
        return self.out / "ready.json"

    @property
    def shop(self) -> Path:
        """Where residents buy, and until when."""
        return self.out / "shop.json"


def run_demo(data: Path | None, port: int) -> None:
    """Prepare, play and serve; returns only by an error or a signal.

    Raises
    ------
    EmbeddedServerError
        If the port is taken, a step fails, or a program ends by itself.
    """
    folder = var_dir() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        end_leftovers(folder / "logs")
        if not is_free(port):
            raise EmbeddedServerError(
                f"Port {port} of {HOST} is in use. Choose another: make demo PORT={port + 1}"
            )
        day = day_of(bundle_folder(data) if data else _town(folder), folder)
        with project_server() as server, Supervisor(folder / "logs") as supervisor:
            if server.ensure_database(day.database):
                for note in (day.summary, day.ready, day.shop):  # of rows that are gone
                    note.unlink(missing_ok=True)
            choose_database(server.root, day.database)
            books, wechat_port = folder / f"wechat-{day.database}", _wechat_port(port)
            environment = os.environ | {
                "DATABASE_URL": server.url(day.database),
                "SITE_URL": f"http://{HOST}:{port}",
                "SHOW_LOGIN_CODES": "1",
                **fake_wechat_environment(books, wechat_port),
            }
            logins = _prepare(environment, day)
            _collect_static(environment)
            shop = _open_shop(environment, day)
            supervisor.launch(fake_wechat_program(books, wechat_port))
            _start(supervisor, environment, port)
            supervisor.wait_ready("wechat")
            _say(report(day, logins, shop, port))
            supervisor.watch(also=lambda: _check_database(server))


def _prepare(environment: dict[str, str], day: Day) -> str:
    """Bring database, files and rows up to date; return the log-ins in words.

    When neither the code nor its packages have changed since the last time,
    everything is as it should be, and the start takes a second instead of ten.
    """
    state = _facts(p for name in CODE_FOLDERS for p in (PROJECT_DIR / name).rglob("*.py"))
    if day.ready.exists():
        known = json.loads(day.ready.read_text(encoding="utf-8"))
        if known["state"] == state:
            return str(known["logins"])
    _say(_("Preparing the database …"))
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "ensure_schedules", quiet=True)
    if not day.summary.exists():
        _say(
            _("Playing the day of %(folder)s; this takes a minute or two …") % {"folder": day.data}
        )
        played = ("--data", day.data, "--out", day.out, "--demo-fleet")
        manage(environment, "play_day", *played, quiet=True)
    manage(environment, "write_default_levels", quiet=True)
    logins = manage(environment, "create_demo_logins", quiet=True)
    day.ready.touch(mode=0o600)
    day.ready.write_text(json.dumps({"state": state, "logins": logins}), encoding="utf-8")
    return logins


def _open_shop(environment: dict[str, str], day: Day) -> str:
    """Open what is sold today, unless it is open; return the path of a shop, or nothing."""
    if day.shop.exists():
        known = json.loads(day.shop.read_text(encoding="utf-8"))
        if datetime.fromisoformat(known["closes_at"]) > datetime.now(UTC):
            return str(known["path"])
    path, _space, closes_at = manage(environment, "open_demo_campaign", quiet=True).partition(" ")
    if closes_at:
        facts = {"path": path, "closes_at": closes_at.strip()}
        day.shop.write_text(json.dumps(facts), encoding="utf-8")
    return path.strip()


def _start(supervisor: Supervisor, environment: dict[str, str], port: int) -> None:
    valkey, broker_url = valkey_program(var_dir())
    supervisor.launch(valkey)
    supervisor.wait_ready("valkey")
    environment = environment | {"BROKER_URL": broker_url}
    supervisor.launch(worker_program(environment))
    supervisor.launch(web_program(environment, port))
    supervisor.wait_ready("web")


def _wechat_port(port: int) -> int:
    """The port beside the web server's: a page left open finds the cashier after a restart."""
    return port + 1 if is_free(port + 1) else free_port()


def _check_database(server: PostgresServer) -> None:
    if not server.is_up():
        raise ProgramEnded(f"The database ended by itself; its log is in {server.root}.")


def _town(folder: Path) -> Path:
    """The built-in town, written once."""
    town = folder / "town"
    if not (town / "campaign.json").exists():
        # It needs no database; an address that is never opened says so.
        manage(os.environ | {"DATABASE_URL": "postgres://none"}, "write_demo_town", town)
    return town


def day_of(data: Path, folder: Path) -> Day:
    """Name the day by what is in its bundle: another content is another day."""
    digest = hashlib.sha256()
    for path in sorted(data.iterdir()):
        if path.suffix in {".csv", ".json"}:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    key = digest.hexdigest()[:8]
    return Day(data, folder / f"{data.name}-{key}", f"demo_{key}")


def _collect_static(environment: dict[str, str]) -> None:
    """Collect static files when one of ours, or a package, has changed."""
    state = _facts((PROJECT_DIR / "static").rglob("*"))
    note = var_dir() / "static.state"
    if note.exists() and note.read_text() == state:
        return
    # Fonts are for the papers; a browser never asks for them.
    manage(environment, "collectstatic", "--no-input", "--ignore", "vendor/fonts", quiet=True)
    note.write_text(state)


def _facts(paths: Iterable[Path]) -> str:
    """A short name for the state of some files, the packages and the secret key."""
    files = sorted(path for path in paths if path.is_file())
    digest = hashlib.sha256(os.environ.get("SECRET_KEY", "").encode())
    for path in [PROJECT_DIR / "requirements.txt", *files]:
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def report(day: Day, logins: str, shop: str, port: int) -> str:
    """Say what happened, where the papers lie, where to buy, and how to get in.

    `shop` is the path of a leader's page, or nothing.
    """
    figures = json.loads(day.summary.read_text(encoding="utf-8"))
    facts = [
        _("%(orders)d orders with %(lines)d lines from %(leaders)d leaders") % figures,
        _(
            "%(pieces_ordered)d pieces ordered, %(pieces_allocated)d allocated, "
            "%(pieces_short)d short"
        )
        % figures,
        _("%(paid)s yuan paid, %(refund)s yuan to refund")
        % {"paid": format_yuan(figures["paid_fen"]), "refund": format_yuan(figures["refund_fen"])},
        _("%(purchase_orders)d purchase orders; %(routes)d routes with %(stops)d stops") % figures,
        _("control code %(control_code)s") % figures,
    ]
    lines = [
        "",
        _("The day of campaign %(campaign)s is played:") % figures,
        *(f"  {fact}" for fact in facts),
        "",
        _("Papers (PDF): %(folder)s") % {"folder": day.out / "papers"},
        _("Figures (CSV): %(folder)s") % {"folder": day.out},
        "",
        *_shop_lines(f"http://{HOST}:{port}{shop}" if shop else ""),
        _("Open %(url)s and log in (user name, password, role):")
        % {"url": f"http://{HOST}:{port}/"},
        *(f"  {line}" for line in logins.splitlines()),
        "",
        _("Ctrl-C stops everything; the next `make demo` takes seconds."),
    ]
    return "\n".join(lines)


def _shop_lines(url: str) -> list[str]:
    if not url:
        return []
    return [
        _("Buy as a resident (today's campaign is open): %(url)s") % {"url": url},
        "  " + _("Any mobile number logs in; the code stands on the page. No money moves."),
        "",
    ]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedServerError("`make demo` runs already for this checkout.") from None
        yield
