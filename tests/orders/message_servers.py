"""Small servers that play WeChat and the text message service over real HTTP.

They check what the real ones check (token, signature, addresses) by code of
their own, remember what they accepted, and can be told to fail.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

APP_ID, APP_SECRET = "wx0123456789abcdef", "app-secret"
KEY_ID, KEY_SECRET = "LTAI-test", "sms-secret"
SIGN_NAME = "团配"


class MessageServer(ThreadingHTTPServer):
    """What both servers keep: the messages they took, and the answers they are told to give."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.taken: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.silent_s = 0.0
        self.tokens = 0

    @property
    def url(self) -> str:
        """The address to configure."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def token(self) -> str:
        """The one access token that is valid now."""
        return f"token-{self.tokens}"


class _Handler(BaseHTTPRequestHandler):
    server: MessageServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.silent_s:
            time.sleep(self.server.silent_s)
        answer = self.answer_to(urllib.parse.urlsplit(self.path), body)
        with suppress(BrokenPipeError):  # the caller did not wait
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

    def answer_to(self, url: urllib.parse.SplitResult, body: bytes) -> dict[str, Any]:
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


class _Wechat(_Handler):
    def answer_to(self, url: urllib.parse.SplitResult, body: bytes) -> dict[str, Any]:
        asked = json.loads(body)
        if url.path == "/cgi-bin/stable_token":
            if (asked["appid"], asked["secret"]) != (APP_ID, APP_SECRET):
                return {"errcode": 40013, "errmsg": "invalid appid"}
            if asked["force_refresh"] or not self.server.tokens:
                self.server.tokens += 1
            return {"access_token": self.server.token, "expires_in": 7200}
        if urllib.parse.parse_qs(url.query).get("access_token") != [self.server.token]:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        if self.server.answers:
            return self.server.answers.pop(0)
        if any(len(entry["value"]) > 20 for entry in asked["data"].values()):
            return {"errcode": 47003, "errmsg": "argument invalid"}
        self.server.taken.append(asked)
        return {"errcode": 0, "errmsg": "ok", "msgid": len(self.server.taken)}


class _Sms(_Handler):
    def answer_to(self, url: urllib.parse.SplitResult, body: bytes) -> dict[str, Any]:
        asked = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        given = asked.pop("Signature")
        if asked["AccessKeyId"] != KEY_ID or given != _expected_signature(asked):
            return {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is wrong."}
        if self.server.answers:
            return self.server.answers.pop(0)
        self.server.taken.append(asked)
        return {"Code": "OK", "Message": "OK", "BizId": f"biz-{len(self.server.taken)}"}


def _expected_signature(parameters: dict[str, str]) -> str:
    pairs = urllib.parse.urlencode(sorted(parameters.items()), quote_via=urllib.parse.quote)
    text = "POST&%2F&" + urllib.parse.quote(pairs.replace("/", "%2F"), safe="")
    return base64.b64encode(
        hmac.digest(f"{KEY_SECRET}&".encode(), text.encode(), hashlib.sha1)
    ).decode()


@contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[MessageServer]:
    """A server that answers until the block ends."""
    server = MessageServer(handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def wechat_running() -> Iterator[MessageServer]:
    """WeChat's part."""
    with running(_Wechat) as server:
        yield server


@contextmanager
def sms_running() -> Iterator[MessageServer]:
    """The text message service's part."""
    with running(_Sms) as server:
        yield server


def wechat_settings(server: MessageServer, **templates: str) -> dict[str, object]:
    """The setting `WECHAT_MESSAGES` for a server and these templates by topic."""
    return {
        "api_url": server.url,
        "send_path": "/cgi-bin/message/subscribe/send",
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "timeout_s": 2.0,
        "templates": templates,
    }


def sms_settings(server: MessageServer, **templates: str) -> dict[str, object]:
    """The setting `SMS` for a server and these templates by topic."""
    return {
        "api_url": server.url,
        "access_key_id": KEY_ID,
        "access_key_secret": KEY_SECRET,
        "sign_name": SIGN_NAME,
        "timeout_s": 2.0,
        "templates": templates,
    }
