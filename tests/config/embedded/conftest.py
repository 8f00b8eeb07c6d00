"""Folders that the server's account can enter, which pytest's own are not for root."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder below /var/tmp that everybody may enter, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tuanpei-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
