"""The deeds that two people stand for: who asks, who signs, and what is done then.

Payouts have a second person too, in their own batches
(`fulfillment.services.payout_batches`), which obey the same rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy

from fulfillment.selectors.deed_words import DEED_TITLES
from fulfillment.services.claim_decisions import refund_sign
from leaders.errors import SignerOfAnotherRole
from leaders.models.accounts import Role, User
from leaders.models.countersignatures import Countersignature
from leaders.selectors.access import has_role, roles_of
from leaders.services.countersignatures import countersignature_refuse
from orders.selectors import claim_signatures
from orders.services import forced_freeze, ledger_adjustments

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class CarryOut(Protocol):
    """Signs a deed and does it, in one transaction."""

    def __call__(
        self, *, countersignature: Countersignature, actor: User, now: datetime, note: str = ""
    ) -> object:
        """Do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One kind of deed; `signed_words` says what came of it."""

    name: str
    title: "_StrOrPromise"
    askers: frozenset[Role]
    signers: frozenset[Role]
    carry_out: CarryOut
    signed_words: "_StrOrPromise"


_ALL = (
    Deed(
        name=claim_signatures.DEED,
        title=DEED_TITLES[claim_signatures.DEED],
        askers=frozenset({Role.SERVICE, Role.BUYER}),
        signers=frozenset({Role.FINANCE}),
        carry_out=refund_sign,
        signed_words=pgettext_lazy(
            "deed", "Signed. The claim is approved and the money goes back."
        ),
    ),
    Deed(
        name=forced_freeze.DEED,
        title=DEED_TITLES[forced_freeze.DEED],
        askers=frozenset({Role.BUYER}),
        signers=frozenset({Role.BUYER}),
        carry_out=forced_freeze.forced_freeze_sign,
        signed_words=pgettext_lazy("deed", "Signed. The campaign takes no more orders."),
    ),
    Deed(
        name=ledger_adjustments.DEED,
        title=DEED_TITLES[ledger_adjustments.DEED],
        askers=frozenset({Role.FINANCE}),
        signers=frozenset({Role.FINANCE}),
        carry_out=ledger_adjustments.adjustment_sign,
        signed_words=pgettext_lazy("deed", "Signed. It is posted."),
    ),
)
DEEDS: Mapping[str, Deed] = {deed.name: deed for deed in _ALL}


def deeds_seen_by(user: User) -> Collection[str]:
    """The deeds that this log-in may ask for or sign, by name."""
    roles = roles_of(user)
    return [deed.name for deed in _ALL if roles & (deed.askers | deed.signers)]


def deeds_signed_by(user: User) -> Collection[str]:
    """The deeds that this log-in may sign, by name."""
    roles = roles_of(user)
    return [deed.name for deed in _ALL if roles & deed.signers]


@transaction.atomic
def deed_sign(*, countersignature_id: int, actor: User, now: datetime, note: str = "") -> Deed:
    """Sign a deed, which is done in the same transaction; return its kind.

    Raises `SignerOfAnotherRole`, and what the deed and `countersignature_sign`
    refuse; then nothing is signed and nothing done.
    """
    asked, deed = _of_signer(countersignature_id, actor)
    deed.carry_out(countersignature=asked, actor=actor, now=now, note=note)
    return deed


@transaction.atomic
def deed_refuse(*, countersignature_id: int, actor: User, now: datetime, note: str) -> Deed:
    """Refuse a deed with a reason; return its kind.

    Raises `SignerOfAnotherRole`, and what `countersignature_refuse` refuses.
    """
    asked, deed = _of_signer(countersignature_id, actor)
    countersignature_refuse(countersignature=asked, actor=actor, now=now, note=note)
    return deed


def _of_signer(countersignature_id: int, actor: User) -> tuple[Countersignature, Deed]:
    asked = Countersignature.objects.get(pk=countersignature_id)
    deed = DEEDS[asked.deed]
    if not has_role(actor, *deed.signers):
        raise SignerOfAnotherRole(gettext("Another role decides about this."))
    return asked, deed
