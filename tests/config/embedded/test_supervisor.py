"""The supervisor: started in order, watched, stopped in reverse, leftovers ended."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded import processes
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR
from config.embedded.supervisor import Program, ProgramEnded, Supervisor, end_leftovers

OBEDIENT = "import time; print('up', flush=True); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {OBEDIENT}"
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)
LOGGING = (
    "import signal, sys, time\n"
    "def end(*_):\n"
    "    open(sys.argv[1], 'a').write(sys.argv[2] + ' '); sys.exit()\n"
    "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
)
SUPERVISE_AND_WAIT = """
import sys, time
from pathlib import Path
from config.embedded.supervisor import Program, Supervisor
supervisor = Supervisor(Path(sys.argv[1]))
command = (sys.executable, "-c", "import time; time.sleep(60)")
program = Program(name="left", command=command, is_ready=lambda: True, environment={})
print(supervisor.launch(program), flush=True)
time.sleep(60)
"""


def program(folder: Path, name: str, code: str, *arguments: str, patience_s: float = 5) -> Program:
    return Program(
        name=name,
        command=(sys.executable, "-c", code, *arguments),
        is_ready=lambda: (folder / f"{name}.log").read_text() != "",
        environment={},
        stop_timeout_s=patience_s,
    )


def test_programs_stop_in_reverse_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with Supervisor(tmp_path) as supervisor:
        for name in ("first", "second", "third"):
            supervisor.launch(program(tmp_path, name, LOGGING, str(order), name))
            supervisor.wait_ready(name)

    assert order.read_text().split() == ["third", "second", "first"]


def test_a_program_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        pid = supervisor.launch(program(tmp_path, "deaf", DEAF, patience_s=0.2))
        supervisor.wait_ready("deaf")

    assert not processes.is_alive(pid)


def test_the_children_of_a_program_go_with_it(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.launch(program(tmp_path, "parent", PARENT))
        supervisor.wait_ready("parent")
        child = int((tmp_path / "parent.log").read_text())
        alive_before = processes.is_alive(child)

    assert alive_before
    assert processes.wait_until_gone(child, timeout_s=2)


def test_a_program_that_ends_by_itself_is_reported_with_its_last_words(tmp_path: Path) -> None:
    code = "import sys; sys.exit('the disk is full')"
    with Supervisor(tmp_path) as supervisor:
        supervisor.launch(program(tmp_path, "worker", code))

        with pytest.raises(ProgramEnded) as caught:
            supervisor.watch(also=lambda: None)

    assert "worker ended by itself (status 1)" in str(caught.value)
    assert "the disk is full" in str(caught.value)


def test_a_program_that_is_never_ready_is_reported(tmp_path: Path) -> None:
    late = Program(
        name="late",
        command=(sys.executable, "-c", OBEDIENT),
        is_ready=lambda: False,
        environment={},
        start_timeout_s=0.3,
    )
    with Supervisor(tmp_path) as supervisor:
        supervisor.launch(late)

        with pytest.raises(EmbeddedServerError) as caught:
            supervisor.wait_ready("late")

    assert "late does not start" in str(caught.value)


def test_what_a_killed_supervisor_left_is_ended_by_the_next(tmp_path: Path) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE_AND_WAIT, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_DIR,
    )
    assert killed.stdout is not None
    left = int(killed.stdout.readline())
    note = tmp_path / "left.pid"
    while not (note.exists() and note.read_text()):
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    alive_between = processes.is_alive(left)

    end_leftovers(tmp_path)

    assert alive_between
    assert not processes.is_alive(left)


def test_a_note_of_another_time_kills_nobody(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    (tmp_path / "left.pid").write_text(f"{stranger.pid} 1")

    end_leftovers(tmp_path)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
