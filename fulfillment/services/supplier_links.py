"""The link that lets a supplier answer one purchase order without a log-in.

It is signed with the platform's key, names the order and the moment it was
made, and works for `SUPPLIER_LINK_HOURS`. Text messages take variables of 35
characters, so the signature is cut to 132 bits, which nobody guesses over a
network.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from fulfillment.errors import SupplierLinkExpired, SupplierLinkUnreadable
from fulfillment.models.purchasing import PurchaseOrder

SIGNATURE_LENGTH = 22
# Longer than any token of ours; what is longer is not looked at.
TOKEN_LENGTH_MAX = 60


class _ShortSigner(signing.TimestampSigner):
    """Django's signer with a shorter signature."""

    def signature(self, value: Any, key: Any = None) -> str:
        """The first characters of the whole signature."""
        return super().signature(value, key)[:SIGNATURE_LENGTH]


def supplier_token(purchase_order: PurchaseOrder) -> str:
    """Return a new token for one purchase order; it is at most 35 characters long."""
    return _signer().sign(int_to_base36(purchase_order.pk))


def supplier_address(token: str) -> str:
    """Return the whole address that a token opens."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('supplier-order', args=[token])}"


def purchase_order_id_of(token: str) -> int:
    """Return the id of the purchase order that a token names.

    Raises `SupplierLinkUnreadable` for a token that is not ours and
    `SupplierLinkExpired` for one whose time is over.
    """
    if len(token) > TOKEN_LENGTH_MAX:
        raise SupplierLinkUnreadable("This link is not complete.")
    try:
        value = _signer().unsign(token, max_age=timedelta(hours=settings.SUPPLIER_LINK_HOURS))
        return base36_to_int(value)
    except signing.SignatureExpired as error:
        raise SupplierLinkExpired("The time of this link is over.") from error
    except (signing.BadSignature, ValueError) as error:
        raise SupplierLinkUnreadable("This link is not complete.") from error


def _signer() -> _ShortSigner:
    return _ShortSigner(sep=".", salt="fulfillment.supplier_links")
