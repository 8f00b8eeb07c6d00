"""A client of HTTP/1.1 that costs little, because the server shares its cores.

It speaks to one address over connections that stay open, sends requests that
are ready-made bytes, and understands answers that name their length. Nothing
more is needed, and each thing left out is time the server gets.
"""

import asyncio
import json

END_OF_HEAD = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """One connection; it serves one request at a time.

    It is opened by its first request: a server with threads gives one to every
    connection that opens, and would wait for those that say nothing.
    """

    def __init__(self, host: str, port: int) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._address = (host, port)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body of its answer."""
        if self._transport is None or self._transport.is_closing():
            await self._connect()
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close for good."""
        if self._transport is not None:
            self._transport.close()

    async def _connect(self) -> None:
        self._buffer.clear()
        self._transport, _self = await asyncio.get_running_loop().create_connection(
            lambda: self, *self._address
        )

    def data_received(self, data: bytes) -> None:
        """Collect bytes until the answer is whole."""
        self._buffer += data
        end = self._buffer.find(END_OF_HEAD)
        if end < 0 or self._answer is None:
            return
        head = bytes(self._buffer[:end]).lower()
        start = head.find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        self._buffer.clear()
        if b"connection: close" in head and self._transport is not None:
            self._transport.close()
        if not self._answer.done():
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, reason: Exception | None) -> None:
        """Let a request that waits fail, instead of waiting for good."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(reason or ConnectionResetError("closed by the server"))


def post(host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a POST of a JSON body."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + END_OF_HEAD + body


def json_body(value: object) -> bytes:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
