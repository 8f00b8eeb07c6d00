"""The protocol every channel that carries messages keeps, and which channel is which."""

from collections.abc import Callable, Mapping
from typing import Protocol

from django.conf import settings

from orders.domain.messages import Envelope
from orders.errors import SenderUnknown
from orders.integrations.console_messages import ConsoleSender
from orders.integrations.sms import SmsAccount, SmsSender
from orders.integrations.wechat_messages import WechatAccount, WechatSender


class Sender(Protocol):
    """One channel.

    `send` is a call over the network: never make it inside a transaction. It
    returns the channel's own number of the message. It raises
    `SenderUnavailable` when the message may or may not have gone out and the
    same can be tried later, `SenderRefused` when it did not and would not, and
    `ConsentUsedUp`, one of the refusals, when the resident has to agree anew.
    """

    @property
    def needs_consent(self) -> bool:
        """Each message uses up one consent of the resident (`SubscriptionQuota`)."""
        ...

    def can_reach(self, envelope: Envelope) -> bool:
        """Whether there is an address and a template; asks nobody."""
        ...

    def send(self, envelope: Envelope) -> str:
        """Send one message."""
        ...


_wechat_senders: dict[WechatAccount, WechatSender] = {}


def sender_for(channel: str) -> Sender:
    """Return the channel of a name in `MESSAGE_CHANNELS`; raises `SenderUnknown`."""
    make = _SENDERS.get(channel)
    if make is None:
        raise SenderUnknown("No message channel has this name.", channel=channel)
    return make()


def _wechat() -> WechatSender:
    # Kept between messages, because it holds the access token of the account.
    account = WechatAccount.from_settings(settings.WECHAT_MESSAGES)
    return _wechat_senders.setdefault(account, WechatSender(account))


_SENDERS: Mapping[str, Callable[[], Sender]] = {
    "console": lambda: ConsoleSender(),
    "wechat": _wechat,
    "sms": lambda: SmsSender(SmsAccount.from_settings(settings.SMS)),
}
