"""What each role may do in the admin, as one table.

Pages outside the admin ask for a role; the admin asks for permissions. A
permission reads `<app>.<verb>_<model>`, Django's own spelling. Money tables
have no `add` or `change` here on purpose: only services write them.
"""

from collections.abc import Mapping

_BUYER_WRITES = (
    "leaders.community",
    "leaders.commissionplan",
    "leaders.leader",
    "leaders.leaderlevel",
    "leaders.pickuppoint",
    "orders.campaign",
    "orders.campaignpreset",
    "orders.category",
    "orders.licence",
    "orders.offer",
    "orders.presetline",
    "orders.product",
    "orders.rulepage",
    "orders.sku",
    "orders.skualias",
    "fulfillment.supplier",
    "fulfillment.supplieroffer",
    "fulfillment.pricetier",
    "fulfillment.supplierpaper",
    "fulfillment.scale",
)
_BUYER_READS = (
    "leaders.leaderapplication",
    "leaders.levelreview",
    "orders.account",
    "orders.billcheck",
    "orders.billdifference",
    "orders.bookscheck",
    "orders.claim",
    "orders.outboxmessage",
    "orders.payment",
    "orders.paymentnotice",
    "orders.pricelog",
    "orders.refund",
    "orders.transfer",
    "fulfillment.cutoffrun",
    "fulfillment.deliveryrun",
    "fulfillment.exceptioncase",
    "fulfillment.goodsreceipt",
    "fulfillment.importnote",
    "fulfillment.leftovermovement",
    "fulfillment.paper",
    "fulfillment.paperopening",
    "fulfillment.purchaseorder",
    "fulfillment.steprecord",
    "fulfillment.supplierclaim",
    "fulfillment.supplierstatement",
    "fulfillment.trip",
    "fulfillment.unrecordedcount",
    "fulfillment.weighedportion",
)
# The second half of an action: the admin shows an action only to those who
# may run it, and the service behind it checks the rest.
_BUYER_RUNS = (
    "orders.change_billdifference",
    "orders.change_outboxmessage",
    "fulfillment.change_cutoffrun",
    "fulfillment.change_leftovermovement",
    "fulfillment.change_purchaseorder",
    "fulfillment.change_supplierclaim",
    "fulfillment.change_supplierstatement",
)
_DISPATCHER_WRITES = ("fulfillment.driver", "fulfillment.servedpoint", "fulfillment.vehicle")
_DISPATCHER_READS = (
    "leaders.pickuppoint",
    "fulfillment.deliveryrun",
    "fulfillment.linehaul",
    "fulfillment.plandraft",
    "fulfillment.travelcalibration",
    "fulfillment.trip",
    "fulfillment.warehouse",
)
_RECRUITER_WRITES = ("leaders.agreement", "leaders.script")
_RECRUITER_READS = (
    "leaders.auditevent",
    "leaders.community",
    "leaders.invitecode",
    "leaders.leader",
    "leaders.leaderapplication",
    "leaders.leaderexit",
    "leaders.pickuppoint",
    "leaders.referral",
    "leaders.substitution",
)
_SERVICE_READS = ("orders.claim", "orders.order", "orders.refund")
_FINANCE_READS = (
    "leaders.auditevent",
    "leaders.commissionplan",
    "leaders.leader",
    "leaders.payee",
    "orders.order",
    "orders.account",
    "orders.billcheck",
    "orders.billdifference",
    "orders.bookscheck",
    "orders.payment",
    "orders.refund",
    "orders.transfer",
    "fulfillment.commissionentry",
    "fulfillment.payout",
    "fulfillment.payoutbatch",
    "fulfillment.settlementstatement",
    "fulfillment.supplierstatement",
    "fulfillment.taxwithholding",
)
_COMPLIANCE_READS = (
    "leaders.agreement",
    "leaders.auditevent",
    "leaders.commissionplan",
    "leaders.leader",
    "leaders.pickuppoint",
    "orders.account",
    "orders.billcheck",
    "orders.billdifference",
    "orders.bookscheck",
    "orders.campaign",
    "orders.claim",
    "orders.licence",
    "orders.order",
    "orders.payment",
    "orders.pricelog",
    "orders.refund",
    "orders.rulepage",
    "orders.transfer",
    "fulfillment.commissionentry",
    "fulfillment.cutoffrun",
    "fulfillment.goodsreceipt",
    "fulfillment.paperopening",
    "fulfillment.payout",
    "fulfillment.payoutbatch",
    "fulfillment.purchaseorder",
    "fulfillment.settlementstatement",
    "fulfillment.supplier",
    "fulfillment.supplierpaper",
    "fulfillment.supplierstatement",
)
_ADMINISTRATOR_WRITES = ("leaders.user",)
_ADMINISTRATOR_READS = ("leaders.auditevent",)


def _permissions(verbs: tuple[str, ...], models: tuple[str, ...]) -> tuple[str, ...]:
    named = (model.split(".") for model in models)
    return tuple(f"{app}.{verb}_{model}" for app, model in named for verb in verbs)


PERMISSIONS_BY_ROLE: Mapping[str, frozenset[str]] = {
    "leader": frozenset(),
    "warehouse": frozenset(),
    "driver": frozenset(),
    "helper": frozenset(),
    "receiver": frozenset(),
    "sorter": frozenset(),
    "compliance": frozenset(_permissions(("view",), _COMPLIANCE_READS)),
    "administrator": frozenset(
        _permissions(("view", "add", "change"), _ADMINISTRATOR_WRITES)
        + _permissions(("view",), _ADMINISTRATOR_READS)
    ),
    "recruiter": frozenset(
        _permissions(("view", "add", "change"), _RECRUITER_WRITES)
        + _permissions(("view",), _RECRUITER_READS)
    ),
    "service": frozenset(_permissions(("view",), _SERVICE_READS)),
    "finance": frozenset(_permissions(("view",), _FINANCE_READS)),
    "dispatcher": frozenset(
        _permissions(("view", "add", "change"), _DISPATCHER_WRITES)
        + _permissions(("view",), _DISPATCHER_READS)
    ),
    "buyer": frozenset(
        _permissions(("view", "add", "change"), _BUYER_WRITES)
        + _permissions(("view",), _BUYER_READS)
        + _BUYER_RUNS
    ),
}
STAFF_ROLES = frozenset(role for role, permissions in PERMISSIONS_BY_ROLE.items() if permissions)
