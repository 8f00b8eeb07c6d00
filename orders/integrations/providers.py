"""Which payment providers are configured, by name, one adapter per process."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from orders.errors import GatewayUnknown
from orders.integrations.gateways import PaymentGateway
from orders.integrations.sandbox import SandboxGateway
from orders.integrations.wechat_line import WeChatPaySettings
from orders.integrations.wechat_pay import WeChatPayGateway


def gateway_default() -> PaymentGateway:
    """Return the provider that new payments go to."""
    return gateway_for(settings.PAYMENT_PROVIDER)


def gateway_for(name: str) -> PaymentGateway:
    """Return a provider by the name in rows, settings and addresses.

    Raises
    ------
    GatewayUnknown
        If there is no such provider, or it is not open here.
    """
    if name == SandboxGateway.name:
        return sandbox_gateway()
    if name == WeChatPayGateway.name and settings.WECHATPAY["merchant_id"]:
        return _wechat_pay(_wechat_settings())
    raise GatewayUnknown("This payment provider is not set up here.", provider=name)


def sandbox_gateway() -> SandboxGateway:
    """Return the sandbox with what its own pages need beyond the protocol.

    Raises
    ------
    GatewayUnknown
        In production, where nobody may pay by pressing a button.
    """
    if not settings.PAYMENT_SANDBOX_OPEN:
        raise GatewayUnknown("This payment provider is not set up here.", provider="sandbox")
    return _sandbox()


def _wechat_settings() -> WeChatPaySettings:
    notice_path = reverse("payment-notice", args=[WeChatPayGateway.name])
    return WeChatPaySettings(
        **settings.WECHATPAY, notify_url=settings.SITE_URL.rstrip("/") + notice_path
    )


@lru_cache(maxsize=1)
def _wechat_pay(config: WeChatPaySettings) -> WeChatPayGateway:
    return WeChatPayGateway(config)


@lru_cache(maxsize=1)
def _sandbox() -> SandboxGateway:
    return SandboxGateway()
