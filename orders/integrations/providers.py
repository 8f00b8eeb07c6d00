"""Which payment providers are configured, by name, one adapter per process."""

from functools import lru_cache

from django.conf import settings

from orders.errors import GatewayUnknown
from orders.integrations.gateways import PaymentGateway
from orders.integrations.sandbox import SandboxGateway


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


@lru_cache(maxsize=1)
def _sandbox() -> SandboxGateway:
    return SandboxGateway()
