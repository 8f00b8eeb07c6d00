"""What every test may use: the browser; the database comes from `embedded_database`."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from fulfillment.selectors.books import books_check
from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from tests.embedded_database import migrated_database
from tests.factories.leaders import UserFactory
from tests.fake_wechat import FakeWechat

# Playwright's event loop runs in the test's own thread; Django would take
# every query of a browser test for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


# These start processes, kill them, or wait for a screen: they want the machine to themselves.
ALONE = {
    "browser",
    "concurrency",
    "deploy",
    "install",
    "journeys",
    "nights",
    "simulation",
    "upgrade",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell which tests share the machine with no other, and skip what cannot run here.

    Without Chromium the browser tests are skipped; under CI they run and fail.
    """
    for item in items:
        folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        if folder in ALONE or item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.alone)
    if CHROMIUM or os.environ.get("CI"):
        return
    reason = "no Chromium on this machine: install the package 'chromium'"
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def english() -> Iterator[None]:
    """Texts for people as the source writes them, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, object],
) -> dict[str, object]:
    """Start the system's Chromium, quiet and without a sandbox (tests may run as root)."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let the test database begin as a copy of one that has its tables already."""
    template = migrated_database()
    if template is not None:
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def emptying_passes_append_only_triggers() -> Iterator[None]:
    """Let the emptying after a test that commits truncate what nobody else may.

    The triggers stay in force for the tests themselves; only Django's flush
    switches them off, and only inside its own transaction.
    """
    flush = DatabaseOperations.execute_sql_flush

    def flush_past_triggers(operations: DatabaseOperations, statements: list[str]) -> None:
        flush(operations, ["SET LOCAL session_replication_role = replica", *statements])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_past_triggers)
        yield


@pytest.fixture
def books_hold(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    """Check the books after a test that went through the services, unless it is a control.

    Whole modules ask for it by `pytest.mark.usefixtures("books_hold")`.
    """
    yield
    if request.node.get_closest_marker("control") is None:
        broken = [result for result in books_check() if result.violations]
        assert broken == []


@pytest.fixture
def buyer(db: None, client: Client) -> Client:
    """A client logged in as a buyer with a buyer's rights."""
    user = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    client.force_login(user)
    return client


@pytest.fixture(scope="session")
def fake_wechat_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeWechat]:
    """One fake gateway for the whole session; ask for `fake_wechat` instead."""
    with FakeWechat(tmp_path_factory.mktemp("fake_wechat")) as process:
        yield process


@pytest.fixture
def fake_wechat(fake_wechat_process: FakeWechat, settings: Settings) -> FakeWechat:
    """The fake gateway, empty and well-behaved, as the provider of new payments."""
    fake_wechat_process.reset()
    settings.WECHATPAY = fake_wechat_process.settings
    settings.PAYMENT_PROVIDER = "wechatpay"
    return fake_wechat_process
