"""What the operating system says about processes (Linux only)."""

from pathlib import Path


def children_of(pid: int) -> list[int]:
    """Return the processes that the main thread of `pid` has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def is_running(pid: int) -> bool:
    """Return whether the process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except FileNotFoundError:
        return False
    # A zombie has ended; only nobody has asked for its status yet.
    return state.split()[0] != "Z"
