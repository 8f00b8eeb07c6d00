"""Carries notices to the merchant: by themselves on the schedule, at once on request."""

import http.client
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from urllib.parse import urlsplit

from config.embedded.fake_wechat.books import Books, Row
from config.embedded.fake_wechat.errors import ApiError
from config.embedded.fake_wechat.faults import Faults, faults_take
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.notices import (
    notice_attempt,
    notice_heard,
    notice_seal,
    notices_due,
)
from config.embedded.fake_wechat.refunds import refunds_settle

ANSWER_WITHIN_S = 5
LOOK_EVERY_S = 0.2
CARRIERS = 8
COPIES_MAX = 1000


class Postman:
    """A thread that sends what is due; a slow or dead merchant holds nobody up."""

    def __init__(self, books: Books, identity: Identity) -> None:
        self._books = books
        self._identity = identity
        self._wake = threading.Event()
        self._is_over = threading.Event()
        self._carriers = ThreadPoolExecutor(CARRIERS)
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what is unheard stays in the books."""
        self._is_over.set()
        self._wake.set()
        self._thread.join(ANSWER_WITHIN_S)
        self._carriers.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        """Look now and not a moment later: something has happened."""
        self._wake.set()

    def flush(self, order: str) -> list[str]:
        """Send everything unheard, held or not, one after another; return the answers.

        `order` is as they happened ("sent"), "reversed", or "shuffled:<seed>".
        """
        notices = notices_due(self._books, with_held=True)
        if order == "reversed":
            notices.reverse()
        elif order.startswith("shuffled"):
            notices.sort(key=lambda row: sha256(f"{order} {row['at']}".encode()).digest())
        return [answer for notice in notices for answer in self._carry(notice)]

    def send(self, number: str, *, copies: int, in_parallel: bool, faults: Faults) -> list[str]:
        """Send the notices of one trade or refund again, so many times; return the answers."""
        notices = self.notices_of(number) * min(copies, COPIES_MAX)
        if not in_parallel:
            return [self._deliver(notice, faults) for notice in notices]
        with ThreadPoolExecutor(min(len(notices), 32)) as crowd:
            return list(crowd.map(lambda notice: self._deliver(notice, faults), notices))

    def notices_of(self, number: str) -> list[Row]:
        """Return the notices about one trade or refund; raises when there are none."""
        found = self._books.all("SELECT * FROM notice WHERE number = ? ORDER BY at", number)
        if not found:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", f"no notice about {number}")
        return found

    def _work(self) -> None:
        while not self._is_over.is_set():
            self._wake.clear()
            refunds_settle(self._books, self._identity)
            for notice in notices_due(self._books):
                notice_attempt(self._books, notice)
                self._carriers.submit(self._carry, notice, is_booked=True)
            self._wake.wait(LOOK_EVERY_S)

    def _carry(self, notice: Row, *, is_booked: bool = False) -> Sequence[str]:
        """Make one attempt, in as many copies as were asked for."""
        if not is_booked:
            notice_attempt(self._books, notice)
        faults = faults_take(self._books, "notice", notice["number"])
        copies = int(self._books.setting("notice_copies", 1))
        return [self._deliver(notice, faults) for _ in range(copies)]

    def _deliver(self, notice: Row, faults: Faults) -> str:
        """Send once and book the answer: a status, or why there was none."""
        if "delay" in faults:
            self._is_over.wait(float(faults.value("delay", "seconds", 1)))
        answer = "lost on the way" if "drop_request" in faults else self._post(notice, faults)
        if "drop_answer" in faults:
            answer = f"answer lost ({answer})"
        notice_heard(self._books, notice, answer)
        return answer

    def _post(self, notice: Row, faults: Faults) -> str:
        headers, body = notice_seal(self._books, self._identity, notice, faults)
        address = urlsplit(notice["url"])
        kind = (
            http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(address.netloc, timeout=ANSWER_WITHIN_S)
        try:
            connection.request("POST", address.path or "/", body, headers)
            answer = connection.getresponse()
            answer.read(64 * 1024)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {error}"
        finally:
            connection.close()
        return str(answer.status)


def listing(notices: list[Row]) -> list[dict[str, object]]:
    """Return notices for the control interface, what they carry as data."""
    return [{**notice, "resource": json.loads(notice["resource"])} for notice in notices]
