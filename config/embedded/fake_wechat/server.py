"""The HTTP side: one thread per connection, connections are kept."""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded.fake_wechat.answers import Answer, Silence
from config.embedded.fake_wechat.books import Books
from config.embedded.fake_wechat.cashier import cashier_page, cashier_pay
from config.embedded.fake_wechat.control import Control
from config.embedded.fake_wechat.errors import ApiError
from config.embedded.fake_wechat.faults import NONE, Faults
from config.embedded.fake_wechat.keys import identity_of, write_environment
from config.embedded.fake_wechat.merchant_api import Call, MerchantApi, error_answer
from config.embedded.fake_wechat.notices import sealed_headers
from config.embedded.fake_wechat.postman import Postman
from config.embedded.ports import HOST

BODY_MAX = 1024 * 1024
LOOPBACK = ("127.0.0.1", "::1")
REASONS = {200: "OK", 204: "No Content", 303: "See Other"}


class Gateway(ThreadingHTTPServer):
    """The whole gateway on one port of the loopback address, kept in one folder."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, port: int) -> None:
        self.identity = identity_of(folder)
        self.books = Books(folder / "books.sqlite3")
        self.merchant_api = MerchantApi(self.books, self.identity)
        self.postman = Postman(self.books, self.identity)
        self.control = Control(self.books, self.identity, self.merchant_api, self.postman)
        super().__init__((HOST, port), Handler)
        write_environment(folder, self.server_port)

    def run(self) -> None:
        """Serve until `shutdown`; what is not delivered stays in the books."""
        self.postman.start()
        try:
            self.serve_forever(poll_interval=0.1)
        finally:
            self.server_close()
            self.postman.stop()
            self.books.close()


class Handler(BaseHTTPRequestHandler):
    """Reads one request after another from a connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    server: Gateway

    def setup(self) -> None:
        """Send small answers at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        """Answer a request that only looks."""
        self._handle()

    def do_POST(self) -> None:
        """Answer a request that changes something."""
        self._handle()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet; `/_control/counts` tells what was asked."""

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_MAX:
            self.close_connection = True
            return
        call = Call(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            origin=f"http://{self.headers.get('Host') or f'{HOST}:{self.server.server_port}'}",
        )
        faults = NONE
        try:
            answer, faults = self._answer(call)
        except Silence:
            self.close_connection = True
            return
        except ApiError as error:
            answer = error_answer(error)
        self._write(answer, faults)

    def _answer(self, call: Call) -> tuple[Answer, Faults]:
        if call.path.startswith("/_control/"):
            return self._control(call), NONE
        if call.path.startswith("/cashier/"):
            return self._cashier(call), NONE
        return self.server.merchant_api.answer(call)

    def _control(self, call: Call) -> Answer:
        # A page in somebody's browser can post here, but not as JSON.
        is_json = call.headers.get("content-type", "").startswith("application/json")
        if self.client_address[0] not in LOOPBACK or (call.method == "POST" and not is_json):
            raise ApiError(403, "NO_AUTH", "only JSON, and only from this machine")
        facts = self.server.control.answer(call.path.removeprefix("/_control/"), call.facts())
        return Answer(facts=facts, is_signed=False)

    def _cashier(self, call: Call) -> Answer:
        query, books = urlsplit(call.target).query, self.server.books
        if call.path == "/cashier/pay" and call.method == "POST":
            location = cashier_pay(books, self.server.identity, query)
            self.server.postman.wake()
            return Answer(status=303, location=location, is_signed=False)
        page = cashier_page(books, query).encode()
        return Answer(content=page, content_type="text/html; charset=utf-8", is_signed=False)

    def _write(self, answer: Answer, faults: Faults) -> None:
        body = answer.body
        headers = {"Content-Length": str(len(body))}
        if body:
            headers["Content-Type"] = answer.content_type
        if answer.location:
            headers["Location"] = answer.location
        if answer.is_signed:
            now = self.server.books.signing_now()
            headers |= sealed_headers(self.server.identity, body.decode(), faults, now)
        lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Error')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        # In one piece: two small packets would wait for each other.
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)
