"""WeChat subscription messages (订阅消息): one consent, one message.

API: developers.weixin.qq.com, `getStableAccessToken` and
`subscribeMessage.send`. The stable token is the same for every process that
asks for it, so none of ours ends another's.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import requests

from orders.domain.message_templates import Template, slot_value, template_of
from orders.domain.messages import Envelope, Topic
from orders.errors import ConsentUsedUp, SenderRefused, SenderUnavailable

OK = 0
TOKEN_INVALID = frozenset({40001, 40014, 42001})
NO_CONSENT = frozenset({43101, 43107, 43108})
# Busy, too many calls a minute, too many a day: nothing wrong with the message.
TRY_LATER = frozenset({-1, 45009, 45011, 45047})
# A token is renewed this long before it ends.
MARGIN_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatAccount:
    """Whose messages they are, and which templates the account holds."""

    api_url: str
    send_path: str
    app_id: str
    app_secret: str
    timeout_s: float
    templates: tuple[tuple[str, str], ...]

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Read the setting `WECHAT_MESSAGES`."""
        return cls(**{**values, "templates": tuple(sorted(values["templates"].items()))})

    def template(self, topic: Topic) -> Template | None:
        """The template of a topic, if the account has one."""
        return template_of(dict(self.templates).get(topic, ""))


class WechatSender:
    """Sends through one account and keeps its access token."""

    needs_consent = True

    def __init__(self, account: WechatAccount) -> None:
        self._account = account
        self._token = ""
        self._token_until = 0.0
        self._lock = threading.Lock()

    def can_reach(self, envelope: Envelope) -> bool:
        """Those whose openid we know, about what the account has a template for."""
        return bool(envelope.openid) and self._account.template(envelope.topic) is not None

    def send(self, envelope: Envelope) -> str:
        """Send one subscription message; a token that has ended is renewed once."""
        template = self._account.template(envelope.topic)
        if template is None:
            raise SenderRefused("WeChat has no template for this topic.", topic=envelope.topic)
        body = {
            "touser": envelope.openid,
            "template_id": template.number,
            "data": {
                slot: {"value": slot_value(slot, envelope.fields.get(field, ""))}
                for slot, field in template.slots.items()
            },
        }
        answer = self._post(self._account.send_path, body, self._access_token())
        if answer["errcode"] in TOKEN_INVALID:
            answer = self._post(self._account.send_path, body, self._access_token(is_new=True))
        _check(answer)
        return str(answer.get("msgid", ""))

    def _access_token(self, *, is_new: bool = False) -> str:
        with self._lock:
            if is_new or time.monotonic() > self._token_until:
                answer = self._post(
                    "/cgi-bin/stable_token",
                    {
                        "grant_type": "client_credential",
                        "appid": self._account.app_id,
                        "secret": self._account.app_secret,
                        "force_refresh": is_new,
                    },
                )
                if "access_token" not in answer:
                    # The account's own fault: every message would fail alike, none for good.
                    raise SenderUnavailable(
                        "WeChat gives no access token.", errcode=answer.get("errcode")
                    )
                self._token = str(answer["access_token"])
                self._token_until = time.monotonic() + float(answer["expires_in"]) - MARGIN_S
            return self._token

    def _post(self, path: str, body: Mapping[str, object], token: str = "") -> dict[str, Any]:
        try:
            response = requests.post(
                self._account.api_url + path,
                params={"access_token": token} if token else None,
                json=body,
                timeout=self._account.timeout_s,
            )
            response.raise_for_status()
            answer = response.json()
        except requests.RequestException as error:
            # The address holds the token, so the error's own words are not passed on.
            raise SenderUnavailable(
                "WeChat does not answer.", reason=type(error).__name__
            ) from None
        if not isinstance(answer, dict):
            raise SenderUnavailable("WeChat's answer cannot be read.")
        return {"errcode": OK} | answer


def _check(answer: Mapping[str, Any]) -> None:
    errcode = answer["errcode"]
    if errcode == OK:
        return
    details = {"errcode": errcode, "errmsg": str(answer.get("errmsg", ""))[:100]}
    if errcode in NO_CONSENT:
        raise ConsentUsedUp("The resident accepts no more messages of this topic.", **details)
    if errcode in TRY_LATER or errcode in TOKEN_INVALID:
        raise SenderUnavailable("WeChat asks us to try later.", **details)
    raise SenderRefused("WeChat refuses the message.", **details)
