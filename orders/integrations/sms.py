"""Text messages through Alibaba Cloud's SMS service (短信服务, SendSms of 2017-05-25).

Calls are signed in the RPC style: the parameters sorted and percent-encoded,
with HMAC-SHA1 over them (help.aliyun.com, "RPC signature").
"""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import quote

import requests

from leaders.domain.phones import is_mobile_number, phone_digits
from orders.domain.message_templates import Template, template_of
from orders.domain.messages import Envelope, Topic
from orders.errors import SenderRefused, SenderUnavailable

OK = "OK"
# Faults of the service, of our account or of the pace; the message itself is fine.
TRY_LATER = (
    "isp.",
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
    "InvalidAccessKeyId",
    "InvalidTimeStamp",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
)
# The service refuses a variable that is longer.
VALUE_LENGTH = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccount:
    """Whose text messages they are, and which templates the account holds."""

    api_url: str
    access_key_id: str
    access_key_secret: str
    sign_name: str
    timeout_s: float
    templates: Mapping[str, str]

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Read the setting `SMS`."""
        return cls(**values)

    def template(self, topic: Topic) -> Template | None:
        """The template of a topic, if the account has one."""
        return template_of(self.templates.get(topic, ""))


class SmsSender:
    """Sends through one account."""

    needs_consent = False

    def __init__(self, account: SmsAccount) -> None:
        self._account = account

    def can_reach(self, envelope: Envelope) -> bool:
        """Mobile phones, about what the account has a template for."""
        return (
            is_mobile_number(phone_digits(envelope.phone))
            and self._account.template(envelope.topic) is not None
        )

    def send(self, envelope: Envelope) -> str:
        """Send one text message; the receipt number is `BizId`."""
        template = self._account.template(envelope.topic)
        if template is None:
            raise SenderRefused("There is no text message for this topic.", topic=envelope.topic)
        values = {
            slot: envelope.fields.get(field, "")[:VALUE_LENGTH]
            for slot, field in template.slots.items()
        }
        answer = self._call(
            {
                "Action": "SendSms",
                "PhoneNumbers": phone_digits(envelope.phone),
                "SignName": self._account.sign_name,
                "TemplateCode": template.number,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
                "OutId": envelope.key,
            }
        )
        _check(answer)
        return str(answer.get("BizId", ""))

    def _call(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        form = {
            **parameters,
            "AccessKeyId": self._account.access_key_id,
            "Format": "JSON",
            "RegionId": "cn-hangzhou",
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": uuid.uuid4().hex,
            "SignatureVersion": "1.0",
            "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
        }
        form["Signature"] = signature(form, self._account.access_key_secret)
        try:
            # A refusal is a 400 with the reason in its body.
            answer = requests.post(
                self._account.api_url, data=form, timeout=self._account.timeout_s
            ).json()
        except requests.RequestException as error:
            raise SenderUnavailable(
                "The text message service does not answer.", reason=type(error).__name__
            ) from None
        if not isinstance(answer, dict):
            raise SenderUnavailable("The text message service's answer cannot be read.")
        return answer


def signature(parameters: Mapping[str, str], secret: str, *, method: str = "POST") -> str:
    """The signature of a call with these parameters, in base64."""
    query = "&".join(
        f"{_encoded(name)}={_encoded(parameters[name])}" for name in sorted(parameters)
    )
    signed = f"{method}&{_encoded('/')}&{_encoded(query)}"
    digest = hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _check(answer: Mapping[str, Any]) -> None:
    code = str(answer.get("Code", ""))
    if code == OK:
        return
    details = {"sms_code": code[:60], "sms_message": str(answer.get("Message", ""))[:100]}
    if not code or code.startswith(TRY_LATER):
        raise SenderUnavailable("The text message service asks us to try later.", **details)
    raise SenderRefused("The text message service refuses the message.", **details)
