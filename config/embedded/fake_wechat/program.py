"""The gateway as one of the programs that `make demo` runs."""

import http.client
import os
import sys
from pathlib import Path

from config.embedded.fake_wechat.keys import environment_of
from config.embedded.ports import HOST
from config.embedded.supervisor import Program


def fake_wechat_program(folder: Path, port: int) -> Program:
    """Return the gateway to start; keys and books live in the folder."""
    return Program(
        name="wechat",
        command=(
            *(sys.executable, "-m", "config.embedded.fake_wechat"),
            *("--folder", str(folder), "--port", str(port)),
        ),
        environment={"PATH": os.environ.get("PATH", os.defpath)},
        is_ready=lambda: _answers(port),
        start_timeout_s=20.0,
        stop_timeout_s=5.0,
    )


def fake_wechat_environment(folder: Path, port: int) -> dict[str, str]:
    """Return the settings that make the platform pay there; makes the keys if need be."""
    return {"PAYMENT_PROVIDER": "wechatpay", **environment_of(folder, port)}


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/_control/counts")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
