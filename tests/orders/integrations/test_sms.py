"""Text messages, over HTTP against a server that checks the signature."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from orders.domain.messages import Envelope, Topic
from orders.errors import SenderRefused, SenderUnavailable
from orders.integrations.sms import SmsAccount, SmsSender, signature
from tests.orders.message_servers import MessageServer, sms_running, sms_settings

CODE = Envelope(
    topic=Topic.LOGIN_CODE,
    key="login_code:login:1",
    phone="199 0691-2483",
    openid="",
    text="",
    fields={"code": "012345", "place": "锦绣花园 3期*~/+&"},
)


@pytest.fixture
def service() -> Iterator[MessageServer]:
    with sms_running() as server:
        yield server


@pytest.fixture
def account(service: MessageServer) -> SmsAccount:
    return SmsAccount.from_settings(
        sms_settings(service, login_code="SMS_1001 code=code place=place")
    )


def test_a_signed_text_message_is_accepted(service: MessageServer, account: SmsAccount) -> None:
    number = SmsSender(account).send(CODE)

    assert number == "biz-1"
    (asked,) = service.taken
    assert (asked["PhoneNumbers"], asked["SignName"]) == ("19906912483", "团配")
    assert (asked["TemplateCode"], asked["OutId"]) == ("SMS_1001", "login_code:login:1")
    assert json.loads(asked["TemplateParam"]) == {"code": "012345", "place": "锦绣花园 3期*~/+&"}


def test_a_signature_is_that_of_the_published_example() -> None:
    # From the service's own description of the RPC signature.
    parameters = {
        "AccessKeyId": "testid",
        "Action": "DescribeRegions",
        "Format": "XML",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "SignatureVersion": "1.0",
        "Timestamp": "2016-02-23T12:46:24Z",
        "Version": "2014-05-26",
    }

    assert signature(parameters, "testsecret", method="GET") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_wrong_secret_is_a_fault_of_ours_and_not_of_the_message(account: SmsAccount) -> None:
    with pytest.raises(SenderUnavailable) as fault:
        SmsSender(replace(account, access_key_secret="wrong")).send(CODE)

    assert fault.value.details["sms_code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", SenderRefused),
        ("isv.TEMPLATE_MISSING_PARAMETERS", SenderRefused),
        ("isv.BUSINESS_LIMIT_CONTROL", SenderUnavailable),
        ("isp.SYSTEM_ERROR", SenderUnavailable),
        ("Throttling.User", SenderUnavailable),
        ("", SenderUnavailable),
    ],
)
def test_a_code_is_a_refusal_or_a_fault_of_the_moment(
    service: MessageServer, account: SmsAccount, code: str, error: type[Exception]
) -> None:
    service.answers = [{"Code": code, "Message": "no"}]

    with pytest.raises(error) as refusal:
        SmsSender(account).send(CODE)

    assert type(refusal.value) is error


def test_silence_ends_after_its_time(service: MessageServer, account: SmsAccount) -> None:
    service.silent_s = 1.0

    with pytest.raises(SenderUnavailable, match="does not answer"):
        SmsSender(replace(account, timeout_s=0.1)).send(CODE)


def test_landlines_and_topics_without_template_are_not_reached(account: SmsAccount) -> None:
    sender = SmsSender(account)

    assert sender.can_reach(CODE)
    assert not sender.can_reach(replace(CODE, phone="0371-65961234"))
    assert not sender.can_reach(replace(CODE, topic=Topic.ARRIVED))
    with pytest.raises(SenderRefused):
        sender.send(replace(CODE, topic=Topic.ARRIVED))
