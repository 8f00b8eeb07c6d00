"""Payees (收款人): who gets a leader's money, checked by finance, numbers sealed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leaders.domain.identity_numbers import (
    is_bank_account,
    is_bank_card,
    is_credit_code,
    is_identity_number,
)
from leaders.errors import PayeeNumberWrong, PayeeVerifiedAlready
from leaders.integrations.sealing import seal, unseal
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.models.payees import Payee, PayeeKind
from leaders.services.audit import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeDetails:
    """What a leader says about the payee; numbers cleaned, '' keeps the one that is stored."""

    kind: PayeeKind
    legal_name: str
    id_no: str
    bank_name: str
    bank_account: str
    wechat_openid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedNumbers:
    """The full numbers of a payee, for a moment."""

    payee_id: int
    id_no: str
    bank_account: str


@transaction.atomic
def payee_save(*, leader: Leader, details: PayeeDetails, actor: User, now: datetime) -> Payee:
    """Keep what a leader says; finance has to verify it again.

    Saving says that the leader consents to our keeping these data for payment
    and tax. Raises `PayeeNumberWrong` for a number that cannot be one.
    """
    Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    payee = Payee.objects.filter(leader=leader).first() or Payee(leader=leader)
    _numbers_check(details, payee)
    payee.kind = details.kind
    payee.legal_name = details.legal_name
    payee.bank_name = details.bank_name
    payee.wechat_openid = details.wechat_openid
    if details.id_no:
        payee.id_no_sealed, payee.id_no_last4 = seal(details.id_no), details.id_no[-4:]
    if details.bank_account:
        payee.bank_account_sealed = seal(details.bank_account)
        payee.bank_account_last4 = details.bank_account[-4:]
    payee.consented_at, payee.verified_at, payee.verified_by = now, None, None
    payee.save()
    facts = {
        "kind": payee.kind,
        "id_no_last4": payee.id_no_last4,
        "bank_account_last4": payee.bank_account_last4,
    }
    audit(action="payee.saved", about=payee, actor=actor, now=now, facts=facts)
    return payee


@transaction.atomic
def payee_verify(*, payee_id: int, actor: User, now: datetime) -> None:
    """Say that the payee is who the papers show; from then on money may go there.

    Raises `PayeeVerifiedAlready` if somebody did before.
    """
    verified = Payee.objects.filter(pk=payee_id, verified_at__isnull=True).update(
        verified_at=now, verified_by=actor
    )
    if not verified:
        raise PayeeVerifiedAlready(_("This payee is verified already."))
    audit(action="payee.verified", about=Payee(pk=payee_id), actor=actor, now=now)


@transaction.atomic
def payees_open(
    *, payee_ids: Collection[int], actor: User, now: datetime, reason: str
) -> dict[int, OpenedNumbers]:
    """Return the full numbers of payees by key; who opened which, and why, is written down."""
    opened = {}
    for payee in Payee.objects.filter(pk__in=payee_ids).order_by("pk"):
        audit(action="payee.opened", about=payee, actor=actor, now=now, reason=reason)
        opened[payee.pk] = OpenedNumbers(
            payee_id=payee.pk,
            id_no=unseal(payee.id_no_sealed),
            bank_account=unseal(payee.bank_account_sealed),
        )
    return opened


def _numbers_check(details: PayeeDetails, payee: Payee) -> None:
    is_individual = details.kind == PayeeKind.INDIVIDUAL
    kind_changed = payee.pk is not None and (payee.kind == PayeeKind.INDIVIDUAL) != is_individual
    if not details.id_no and (not payee.id_no_sealed or kind_changed):
        raise PayeeNumberWrong(_("Type the whole number."), field="id_no")
    is_right = is_identity_number if is_individual else is_credit_code
    # A sole trader may be known by the owner's identity card.
    is_owner = details.kind == PayeeKind.SOLE_TRADER and is_identity_number(details.id_no)
    if details.id_no and not is_right(details.id_no) and not is_owner:
        raise PayeeNumberWrong(
            _("This number cannot be right; compare it digit by digit."), field="id_no"
        )
    is_account = is_bank_account if details.kind == PayeeKind.COMPANY else is_bank_card
    if details.bank_account and not is_account(details.bank_account):
        raise PayeeNumberWrong(
            _("This number cannot be right; compare it digit by digit."), field="bank_account"
        )
