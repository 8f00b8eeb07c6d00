"""`python -m config.embedded.fake_wechat --folder DIR --port N`."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from config.embedded.fake_wechat.server import Gateway


def main() -> int:
    """Serve until a signal comes; say first where, and where the settings lie."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded.fake_wechat")
    parser.add_argument("--folder", type=Path, required=True, help="keys and books")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    chosen = parser.parse_args()
    gateway = Gateway(chosen.folder, chosen.port)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # `shutdown` waits for the loop that this very thread runs.
        threading.Thread(target=gateway.shutdown).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    sys.stdout.write(f"{gateway.server_port} {chosen.folder / 'wechatpay.env'}\n")
    sys.stdout.flush()
    gateway.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
