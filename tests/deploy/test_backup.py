"""The backup scripts, tried: a server is copied, goes on, is damaged, and comes back."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from factory.base import BaseFactory
from pytest_django import DjangoDbBlocker

from config.embedded.accounts import ServerAccount, account_for
from config.embedded.binaries import find_postgres
from config.embedded.places import FALLBACK_PARENT, PROJECT_DIR
from config.embedded.ports import free_port
from config.embedded.postgres import PostgresServer
from orders.models.orders import Order
from tests.factories.leaders import (
    CommunityFactory,
    LeaderFactory,
    PickupPointFactory,
    UserFactory,
)
from tests.factories.orders import (
    CampaignFactory,
    CategoryFactory,
    ProductFactory,
    ResidentFactory,
    SkuFactory,
)
from tests.journeys.prepaid_evening import Cast, Clock, Person, Provider, evening_make, step_take
from tests.upgrade.release_dump import dump_load
from tests.upgrade.scenes import django_uses

pytestmark = pytest.mark.slow

SCRIPTS = PROJECT_DIR / "deploy" / "backup"
DATABASE = "shop"
MADE_IN_THE_RELEASE: tuple[type[BaseFactory[Any]], ...] = (
    UserFactory,
    LeaderFactory,
    CommunityFactory,
    PickupPointFactory,
    CampaignFactory,
    CategoryFactory,
    ProductFactory,
    SkuFactory,
    ResidentFactory,
)


@dataclass(slots=True)
class Shop:
    """A server that archives its log, and the folders that a backup goes to."""

    root: Path
    server: PostgresServer
    account: ServerAccount
    bin: Path
    evenings: int = 100

    @property
    def backups(self) -> Path:
        return self.root / "backup"

    @property
    def archive(self) -> Path:
        return self.backups / "wal"

    def script(self, name: str, *arguments: object, **environment: str) -> str:
        """Run one of the scripts; return what it prints."""
        done = subprocess.run(
            [str(SCRIPTS / name), *map(str, arguments)],
            env=os.environ
            | {"PG_BIN": str(self.bin), "BACKUP_DIR": str(self.backups)}
            | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def sell(self) -> set[str]:
        """Let the people of an evening place their orders; return the numbers they were told."""
        self.evenings += 1
        evening = evening_make(self.evenings)
        clock = Clock(evening.day)
        cast = Cast(evening, clock, Provider(clock))
        for step, _person in enumerate(Person):
            step_take(cast, step)
        orders = Order.objects.filter(campaign_id=evening.campaign_id)
        return set(orders.values_list("order_no", flat=True))

    def ask(self, query: str) -> object:
        """One value from the server itself."""
        with psycopg.connect(self.server.url(DATABASE), autocommit=True) as raw:
            return next(raw.execute(query))[0]


@pytest.fixture
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """A played shop on a server of its own; Django is led to it meanwhile."""
    root = Path(tempfile.mkdtemp(prefix="tuanpei-backup-", dir=FALLBACK_PARENT))
    root.chmod(0o711)
    server = PostgresServer(root, throwaway=True)
    try:
        server.join()
        account = account_for(root / "data")
        found = find_postgres(account, copies=root / "binaries", major=None)
        assert found is not None
        shop = Shop(root, server, account, found.folder)
        shop.archive.mkdir(parents=True)
        account.make_own(shop.archive)
        _archive_from_now(shop)
        server.ensure_database(DATABASE)
        with psycopg.connect(server.url(DATABASE)) as raw:
            dump_load(raw)
        with django_db_blocker.unblock(), django_uses(server.url(DATABASE)):
            call_command("migrate", verbosity=0)
            for factory in MADE_IN_THE_RELEASE:  # the release counted from 0, too
                factory.reset_sequence(1_000, force=True)
            yield shop
    finally:
        server.destroy()


def test_orders_until_the_moment_come_back_and_none_after_it(shop: Shop) -> None:
    media = shop.root / "media"
    media.mkdir()
    before = shop.sell()
    base = shop.script("base_backup.sh", shop.server.url(DATABASE)).strip()
    after = shop.sell()
    (media / "photo.jpg").write_bytes(b"a photo")
    shop.script("backup_files.sh", f"media={media}")
    moment = shop.ask("SELECT clock_timestamp()")
    too_late = shop.sell()

    _damage(shop)
    restored = _restore(shop, Path(base), str(moment))

    assert len(before) == len(after) == len(too_late) == len(Person)
    assert before | after <= restored
    assert not too_late & restored
    assert (shop.backups / "files" / "media" / "photo.jpg").read_bytes() == b"a photo"
    assert (shop.backups / "last").exists()


def _damage(shop: Shop) -> None:
    """Lose the lines of all orders, as somebody with the wrong window open would."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE orders_orderline CASCADE")
    shop.ask("SELECT pg_switch_wal()::text")


def _restore(shop: Shop, base: Path, moment: str) -> set[str]:
    """Bring the moment back beside the damaged server, books checked; return its orders."""
    connection.close()
    shop.server.leave()  # a server that stops archives the rest of its log
    port = free_port()
    data = shop.root / "restored" / "data"
    data.parent.mkdir()
    shop.account.make_own(data.parent)
    url = shop.server._cluster.url(port, DATABASE)
    try:
        told = shop.script(
            "restore.sh",
            *(base, data, moment),
            WAL_ARCHIVE=str(shop.archive),
            PORT=str(port),
            RESTORED_URL=url,
            PYTHON=sys.executable,
            AS_SERVER=f"setpriv --reuid={shop.account.uid} --regid={shop.account.gid}"
            " --clear-groups --",
        )
        assert "broken" not in told
        with psycopg.connect(url) as raw:
            return {number for (number,) in raw.execute("SELECT order_no FROM orders_order")}
    finally:
        subprocess.run(
            [str(shop.bin / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
            **shop.account.run_options(),
        )


def _archive_from_now(shop: Shop) -> None:
    command = f"{SCRIPTS / 'archive_wal.sh'} %p %f {shop.archive}"
    with psycopg.connect(shop.server.url("postgres"), autocommit=True) as raw:
        raw.execute("ALTER SYSTEM SET archive_mode = on")
        raw.execute(f"ALTER SYSTEM SET archive_command = '{command}'")
    shop.server.leave()
    shop.server.join()
