"""Files that appear whole, from processes that never outlive their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fulfillment.integrations.paper_rendering import file_write, folder_settle

PARENT = """
import time
from pathlib import Path
from fulfillment.integrations.paper_rendering import FileJob, Workshop, files_render
from django.conf import settings
if __name__ == "__main__":
    jobs = [FileJob(path=Path("never"), render=time.sleep, content=(120,))] * 4
    workshop = Workshop(fonts_dir=Path(settings.FONTS_DIR), language="en", processes=2)
    list(files_render(jobs, workshop))
"""


def _children(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {
        int(child)
        for child in listed
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    }


def _is_alive(pid: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    file_write(path, b"first")

    file_write(path, b"second")

    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path) -> None:
    file_write(tmp_path / "paper.pdf", b"whole")
    (tmp_path / ".paper.pdf.77.part").write_bytes(b"ha")

    folder_settle(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["paper.pdf"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_drawing_processes_die_with_a_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=os.environ)
    deadline = time.monotonic() + 60
    children: set[int] = set()
    while len(children) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        children = _children(parent.pid)
    # They die with the parent from the moment they are set up.
    time.sleep(1)

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    deadline = time.monotonic() + 30
    while any(map(_is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(children) == 2
    assert not any(map(_is_alive, children))
