"""`python -m tests.upgrade.make_release_dump v0.5.0`: a played database of a release.

The tag is checked out beside this tree, its own code migrates an empty
database and plays `played_release` into it, `check_books` of the release must
find nothing, and `pg_dump` writes the rows to `tests/upgrade/<tag>.sql.xz`.
The packages are those installed here. Run it once after a release; the upgrade
test reads the file and needs neither the tag nor the release's code.
"""

import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from config.embedded.accounts import account_for
from config.embedded.binaries import find_postgres
from config.embedded.places import FALLBACK_PARENT, PROJECT_DIR
from config.embedded.postgres import PostgresServer

HERE = Path(__file__).resolve().parent
# Of this tree, so that the play of the next release begins as this one's.
PLAY = (
    "import django, runpy; django.setup();"
    f" runpy.run_path({str(HERE / 'played_release.py')!r}, run_name='__main__')"
)
DATABASE = "release"
# Commission of a small day, too, is settled and paid out.
SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PAYOUT_MIN_FEN": "100"}
# What another major version of the server or of the client does not know.
PASSED_OVER = ("\\restrict", "\\unrestrict", "SET transaction_timeout")


def main() -> int:
    """Make the dump of the tag on the command line."""
    tag = sys.argv[1]
    root = Path(tempfile.mkdtemp(prefix="tuanpei-release-", dir=FALLBACK_PARENT))
    root.chmod(0o711)
    code = root / "code"
    server = PostgresServer(root, throwaway=True)
    _run(PROJECT_DIR, "git", "worktree", "add", "--detach", str(code), tag)
    try:
        (code / "static" / "vendor").symlink_to(PROJECT_DIR / "static" / "vendor")
        server.join()
        server.ensure_database(DATABASE)
        _play(code, server.url(DATABASE))
        target = HERE / f"{tag}.sql.xz"
        target.write_bytes(lzma.compress(_dump(root, server.url(DATABASE)), preset=9))
    finally:
        _run(PROJECT_DIR, "git", "worktree", "remove", "--force", str(code))
        server.destroy()
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")
    return 0


def _play(code: Path, url: str) -> None:
    environment = os.environ | SETTINGS | {"DATABASE_URL": url}
    for arguments in (
        ("manage.py", "migrate", "--verbosity", "0"),
        ("-c", PLAY),
        ("manage.py", "check_books"),
    ):
        _run(code, sys.executable, *arguments, environment=environment)


def _dump(root: Path, url: str) -> bytes:
    account = account_for(root / "data")
    binaries = find_postgres(account, copies=root / "binaries", major=None)
    assert binaries is not None, "the server runs, so its programs are there"
    done = subprocess.run(
        [str(binaries.folder / "pg_dump"), "--no-owner", "--no-privileges", url],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(PASSED_OVER)).encode()


def _run(folder: Path, *command: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=folder, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
