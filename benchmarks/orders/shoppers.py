"""What a shopper does: order a basket of five, begin to pay, and the provider's notice comes.

All three are requests to the server; together they are one prepaid order. The
notice is what the sandbox provider would send, signed with the key it shares
with us. That the resident pressed the button is the provider's affair and
written into its tables after the run (`payments_settle`).
"""

import hashlib
import hmac
import json
import random
import time
from datetime import UTC, datetime

from benchmarks.orders.facts import BenchTown, Buyer
from benchmarks.orders.http import Connection, json_body, post
from benchmarks.orders.load import Visit
from benchmarks.orders.stack import Stack
from config.embedded.ports import HOST

BASKET_LINES = 5
NOTICE_SALT = b"orders.integrations.sandbox"
# Chosen once per kind of request: text that is ready, with holes for what differs.
COMMON = {"X-Forwarded-Proto": "https"}


class Shoppers:
    """Shoppers 0, 1 …, each with a connection of their own; every visit is another resident.

    Parameters
    ----------
    secret_key
        The server's; the sandbox signs with it.
    """

    def __init__(self, town: BenchTown, port: int, secret_key: str) -> None:
        self._town = town
        self._port = port
        self._host = f"{HOST}:{port}"
        self._notice_key = hashlib.sha256(NOTICE_SALT + secret_key.encode()).digest()
        self._connections: list[Connection] = []
        self._dice = random.Random(f"{port} {time.time_ns()}")
        self._visits = 0

    def arrive(self, shoppers: int) -> None:
        """Give so many shoppers a connection each."""
        self._connections = [Connection(HOST, self._port) for _shopper in range(shoppers)]

    def leave(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()

    async def visit(self, shopper: int) -> Visit:
        """Order, begin to pay, be paid; the times are those of the whole way there."""
        connection = self._connections[shopper]
        buyer = self._next_buyer()
        started = time.perf_counter()
        try:
            order = await self._ask(connection, self._order(buyer), 201)
            placed_s = time.perf_counter() - started
            number = str(order["order_no"])
            payment = await self._ask(connection, self._payment(buyer, number), 200)
            await self._ask(connection, self._notice(payment), 200)
        except (OSError, _Refused) as error:
            return Visit(placed_s=0.0, paid_s=0.0, error=str(error))
        return Visit(placed_s=placed_s, paid_s=time.perf_counter() - started)

    async def _ask(
        self, connection: Connection, request: bytes, expected: int
    ) -> dict[str, object]:
        status, body = await connection.ask(request)
        if status not in (expected, 201, 204):
            raise _Refused(f"{status} {body[:300].decode(errors='replace')}")
        answer = json.loads(body) if body[:1] == b"{" else {}
        assert isinstance(answer, dict)
        return answer

    def _next_buyer(self) -> Buyer:
        self._visits += 1
        return self._town.buyers[self._visits % len(self._town.buyers)]

    def _order(self, buyer: Buyer) -> bytes:
        hot, *others = self._town.offer_ids
        basket = [hot, *self._dice.sample(others, k=BASKET_LINES - 1)]
        body = json_body(
            {
                "campaign": self._town.campaign_code,
                "leader": buyer.leader_code,
                "lines": [{"offer_id": offer, "qty": self._dice.randint(1, 2)} for offer in basket],
            }
        )
        key = f"bench-{self._dice.getrandbits(96):024x}"
        return post(self._host, "/api/v1/orders/", body, self._own(buyer, key))

    def _payment(self, buyer: Buyer, order_no: str) -> bytes:
        path = f"/api/v1/orders/{order_no}/payments/"
        return post(self._host, path, b"{}", self._own(buyer))

    def _own(self, buyer: Buyer, key: str = "") -> dict[str, str]:
        headers = COMMON | {"Authorization": f"Bearer {buyer.token}"}
        return headers | {"Idempotency-Key": key} if key else headers

    def _notice(self, payment: dict[str, object]) -> bytes:
        number = str(payment["out_trade_no"])
        body = json_body(
            {
                "id": f"notice-{number}",
                "out_trade_no": number,
                "state": "success",
                "transaction_id": f"SB{number}",
                "amount_fen": payment["amount_fen"],
                "succeeded_at": datetime.now(UTC).isoformat(),
            }
        )
        stamp = str(int(time.time()))
        signed = hmac.new(self._notice_key, stamp.encode() + b"\n" + body, hashlib.sha256)
        headers = {"Sandbox-Timestamp": stamp, "Sandbox-Signature": signed.hexdigest()}
        return post(self._host, "/pay/notices/sandbox/", body, COMMON | headers)


class _Refused(Exception):
    """The server did not do what it was asked."""


def payments_settle(running: Stack) -> None:
    """Write into the provider's own tables what its notices said."""
    with running.admin() as connection:
        connection.execute(
            "UPDATE orders_sandboxtrade AS trade SET paid_at = payment.succeeded_at"
            "  FROM orders_payment AS payment"
            " WHERE payment.out_trade_no = trade.out_trade_no AND payment.state = 'succeeded'"
        )
