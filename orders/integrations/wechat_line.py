"""The wire to WeChat Pay: signed requests over kept connections, answers checked."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

import requests
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization, load_private_key, load_public_key, rsa_verify

from orders.errors import GatewayUnavailable
from orders.integrations.gateway_faults import gateway_fault_count
from orders.models.gateway_faults import GatewayFaultKind

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
PROOF = ("timestamp", "nonce", "serial", "signature", "signature-type")

# Its name in rows and settings.
PROVIDER = "wechatpay"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatPaySettings:
    """Who we are there, and where "there" is; `settings.WECHATPAY` and our notice address."""

    gateway_url: str
    merchant_id: str
    app_id: str
    api_v3_key: str = field(repr=False)
    merchant_serial: str
    merchant_key_file: str
    platform_key_id: str
    platform_key_file: str
    timeout_s: float
    notify_url: str


class WeChatLine:
    """Takes the place of the SDK's own request function.

    That one opens a new connection for every call, follows redirects, and
    answers a wrong signature with an error that has no type.
    """

    def __init__(self, config: WeChatPaySettings, merchant_key: str, platform_key: str) -> None:
        self._config = config
        self._merchant_key = load_private_key(merchant_key)
        self._platform_key = load_public_key(platform_key)
        self._threads = threading.local()

    def request(
        self,
        path: str,
        method: Any = RequestType.GET,
        data: dict[str, Any] | None = None,
        skip_verify: bool = False,
    ) -> tuple[int, bytes]:
        """Send one request; return the status and the body, genuine where it is a 2xx.

        Raises
        ------
        GatewayUnavailable
            If there is no answer in time, or its signature is not the provider's.
        """
        body = json.dumps(data) if data else ""
        headers = {
            "Accept": "application/json",
            "Authorization": build_authorization(
                path,
                method.value,
                self._config.merchant_id,
                self._config.merchant_serial,
                self._merchant_key,
                data=body,
            ),
            "Content-Type": "application/json",
            "User-Agent": "tuanpei",
            "Wechatpay-Serial": self._config.platform_key_id,
        }
        try:
            answer = self._session().request(
                method.value,
                self._config.gateway_url + path,
                data=body.encode() or None,
                headers=headers,
                timeout=self._config.timeout_s,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            gateway_fault_count(provider=PROVIDER, kind=GatewayFaultKind.SILENT)
            raise GatewayUnavailable("The payment provider does not answer.") from error
        if 200 <= answer.status_code < 300 and not skip_verify and not self._is_genuine(answer):
            gateway_fault_count(provider=PROVIDER, kind=GatewayFaultKind.NOT_GENUINE)
            raise GatewayUnavailable("The payment provider's answer is not genuine.")
        if answer.status_code >= 500:
            gateway_fault_count(provider=PROVIDER, kind=GatewayFaultKind.BROKEN)
        return answer.status_code, answer.content

    def _session(self) -> requests.Session:
        # A session is not made for several threads at once.
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
        session: requests.Session = self._threads.session
        return session

    def _is_genuine(self, answer: requests.Response) -> bool:
        stamp, nonce, serial, signature, kind = (
            answer.headers.get(f"Wechatpay-{name}", "") for name in PROOF
        )
        if (serial, kind) != (self._config.platform_key_id, SIGNATURE_TYPE):
            return False
        return bool(
            rsa_verify(stamp, nonce, answer.content.decode(), signature, self._platform_key)
        )
