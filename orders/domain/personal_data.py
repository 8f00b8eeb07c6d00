"""Every field that says something about a person: whose, what for, how long, and its end.

The one table behind export, erasure and retention. A test walks all models: a
text, JSON or file field is either here or among the plain fields
(`orders.domain.plain_fields`), so none is forgotten. `docs/personal-data.md`
shows the same table.
"""

from enum import StrEnum
from typing import NamedTuple


class Whose(StrEnum):
    """Whom a field is about."""

    RESIDENT = "resident"
    LEADER = "leader"
    APPLICANT = "applicant"
    STAFF = "staff"
    DRIVER = "driver"
    SUPPLIER = "supplier"


class Kept(StrEnum):
    """How long a field is kept; the ages are settings (`orders.services.retention`)."""

    ACCOUNT = "account"
    TRADE = "trade"
    LOGIN = "login"
    MESSAGES = "messages"
    CHAINS = "chains"
    PHOTOS = "photos"
    PAPERS = "papers"
    APPLICATIONS = "applications"
    SESSIONS = "sessions"
    HOLD = "hold"
    CONTRACT = "contract"
    FOOD = "food"
    EVIDENCE = "evidence"


class Erasure(StrEnum):
    """What erasing a resident does with a field."""

    BLANK = "blank"
    PSEUDONYM = "pseudonym"
    DELETE_ROW = "delete row"
    DELETE_FILE = "delete file"
    KEEP_SEALED = "keep sealed"
    NONE = "none"


class PersonalField(NamedTuple):
    """One field, or one store outside the tables (then `field` is empty)."""

    model: str
    field: str
    whose: Whose
    purpose: str
    kept: Kept
    on_erasure: Erasure


_R, _L, _A, _S = Whose.RESIDENT, Whose.LEADER, Whose.APPLICANT, Whose.STAFF
_BLANK, _PSEUDONYM, _ROW = Erasure.BLANK, Erasure.PSEUDONYM, Erasure.DELETE_ROW
_FILE, _SEALED, _NONE = Erasure.DELETE_FILE, Erasure.KEEP_SEALED, Erasure.NONE

_RESIDENTS = (
    PersonalField("orders.Resident", "code", _R, "pseudonym in lists and logs", Kept.TRADE, _NONE),
    PersonalField("orders.Resident", "name", _R, "handing out", Kept.ACCOUNT, _PSEUDONYM),
    PersonalField("orders.Resident", "phone", _R, "log-in, messages", Kept.ACCOUNT, _BLANK),
    PersonalField("orders.Resident", "building", _R, "handing out", Kept.ACCOUNT, _BLANK),
    PersonalField("orders.Resident", "room", _R, "handing out", Kept.ACCOUNT, _BLANK),
    PersonalField("orders.Resident", "openid", _R, "payment, messages", Kept.ACCOUNT, _BLANK),
    PersonalField(
        "orders.ResidentBinding", "reason", _R, "who changed the leader", Kept.EVIDENCE, _NONE
    ),
    PersonalField("orders.LoginCode", "phone", _R, "log-in", Kept.LOGIN, _ROW),
    PersonalField("orders.LoginCode", "digest", _R, "log-in", Kept.LOGIN, _ROW),
    PersonalField("orders.ResidentToken", "digest", _R, "log-in of the API", Kept.LOGIN, _ROW),
    PersonalField("orders.Order", "resident_name", _R, "handing out", Kept.TRADE, _PSEUDONYM),
    PersonalField("orders.Order", "resident_phone", _R, "pickup code", Kept.TRADE, _BLANK),
    PersonalField("orders.Order", "building", _R, "handing out", Kept.TRADE, _BLANK),
    PersonalField("orders.Order", "room", _R, "handing out", Kept.TRADE, _BLANK),
    PersonalField("orders.Order", "request_hash", _R, "the same order twice", Kept.TRADE, _BLANK),
    PersonalField("orders.Order", "source_no", _R, "number at the source", Kept.TRADE, _NONE),
    PersonalField("orders.OrderEvent", "actor", _R, "who moved an order", Kept.EVIDENCE, _NONE),
    PersonalField("orders.Payment", "transaction_id", _R, "money", Kept.TRADE, _NONE),
    PersonalField("orders.Payment", "handle", _R, "opening the cashier", Kept.TRADE, _BLANK),
    PersonalField("orders.Refund", "provider_refund_id", _R, "money", Kept.TRADE, _NONE),
    PersonalField("orders.OutboxMessage", "phone", _R, "messages", Kept.MESSAGES, _BLANK),
    PersonalField("orders.OutboxMessage", "facts", _R, "messages", Kept.MESSAGES, _BLANK),
    PersonalField("orders.OutboxMessage", "error", _R, "messages", Kept.MESSAGES, _BLANK),
    PersonalField("orders.Claim", "description", _R, "after-sales", Kept.TRADE, _BLANK),
    PersonalField("orders.Claim", "leader_note", _R, "after-sales", Kept.TRADE, _BLANK),
    PersonalField("orders.Claim", "reply", _R, "after-sales", Kept.TRADE, _PSEUDONYM),
    PersonalField("orders.Claim", "bearer_note", _R, "after-sales", Kept.TRADE, _BLANK),
    PersonalField("orders.Claim", "decision_note", _R, "after-sales", Kept.TRADE, _BLANK),
    PersonalField("orders.ClaimPhoto", "photo", _R, "after-sales", Kept.PHOTOS, _FILE),
    PersonalField("orders.ClaimPhoto", "digest", _R, "the same photo twice", Kept.PHOTOS, _ROW),
    PersonalField("orders.JielongImport", "raw_text", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongEntry", "raw", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongEntry", "nickname", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongEntry", "building", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongEntry", "room", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongEntry", "note", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField("orders.JielongItem", "raw", _R, "orders of a group", Kept.CHAINS, _BLANK),
    PersonalField(
        "orders.PersonRequest", "outcome", _R, "proof of the answer", Kept.EVIDENCE, _NONE
    ),
    PersonalField("orders.LegalHold", "sealed", _R, "who a trade was with", Kept.HOLD, _SEALED),
    PersonalField("fulfillment.ExceptionCase", "note", _R, "what was wrong", Kept.TRADE, _BLANK),
    PersonalField("fulfillment.ExceptionCase", "photo", _R, "what was wrong", Kept.PHOTOS, _FILE),
    PersonalField(
        "fulfillment.ExceptionCase", "decision_note", _R, "what was wrong", Kept.TRADE, _BLANK
    ),
    PersonalField("fulfillment.Disposal", "note", _R, "goods nobody fetched", Kept.EVIDENCE, _NONE),
    PersonalField(
        "fulfillment.ImportNote", "message", _R, "what an import said", Kept.PAPERS, _BLANK
    ),
)

_APPLICANTS = (
    *(
        PersonalField("leaders.LeaderApplication", field, _A, "review", Kept.APPLICATIONS, end)
        for field, end in (
            ("applicant_name", _PSEUDONYM),
            ("phone", _PSEUDONYM),
            ("community_name", _PSEUDONYM),
            ("district", _BLANK),
            ("address", _PSEUDONYM),
            ("introduction", _BLANK),
            ("review_note", _BLANK),
        )
    ),
    PersonalField("leaders.ApplicationDocument", "photo", _A, "review", Kept.APPLICATIONS, _FILE),
    PersonalField("leaders.ApplicationDocument", "digest", _A, "review", Kept.APPLICATIONS, _ROW),
    PersonalField("leaders.FollowUp", "note", _A, "review", Kept.APPLICATIONS, _PSEUDONYM),
    PersonalField("leaders.QuizAttempt", "answers", _A, "training", Kept.EVIDENCE, _NONE),
)

_LEADERS = (
    *(
        PersonalField("leaders.Leader", field, _L, "contract", Kept.CONTRACT, _NONE)
        for field in ("name", "phone")
    ),
    *(
        PersonalField("leaders.Payee", field, _L, "payment and tax", Kept.CONTRACT, _NONE)
        for field in (
            "legal_name",
            "id_no_sealed",
            "id_no_last4",
            "bank_name",
            "bank_account_sealed",
            "bank_account_last4",
            "wechat_openid",
        )
    ),
    *(
        PersonalField("leaders.PickupPoint", field, _L, "delivery", Kept.CONTRACT, _NONE)
        for field in ("name", "address")
    ),
    PersonalField("leaders.AgreementConsent", "signed_name", _L, "contract", Kept.EVIDENCE, _NONE),
    PersonalField("leaders.LeaderExit", "reason", _L, "contract", Kept.CONTRACT, _NONE),
    PersonalField("leaders.Substitution", "reason", _L, "absence", Kept.CONTRACT, _NONE),
    PersonalField("fulfillment.Payout", "confirm_with", _L, "payment", Kept.CONTRACT, _NONE),
)

_STAFF = (
    *(
        PersonalField("leaders.User", field, _S, "log-in", Kept.CONTRACT, _NONE)
        for field in ("username", "first_name", "last_name", "email", "password")
    ),
    *(
        PersonalField(f"fulfillment.{model}", field, _S, "who did the work", Kept.EVIDENCE, _NONE)
        for model, field in (
            ("SortEvent", "sorter_name"),
            ("RouteBlock", "sorter_name"),
            ("SlotCheck", "sorter_name"),
            ("SlotCheck", "checker_name"),
            ("SortTask", "sorter_name"),
            ("LoadCheck", "driver_name"),
        )
    ),
    PersonalField("leaders.AuditEvent", "facts", _S, "who did what", Kept.EVIDENCE, _NONE),
    PersonalField("leaders.AuditEvent", "reason", _S, "who did what", Kept.EVIDENCE, _NONE),
    *(
        PersonalField("fulfillment.Driver", field, Whose.DRIVER, "delivery", Kept.CONTRACT, _NONE)
        for field in ("name", "phone")
    ),
    PersonalField(
        "fulfillment.DeliveryProof", "picture", Whose.DRIVER, "handover", Kept.EVIDENCE, _NONE
    ),
    *(
        PersonalField(
            "fulfillment.Supplier", field, Whose.SUPPLIER, "purchase", Kept.CONTRACT, _NONE
        )
        for field in ("name", "contact", "phone")
    ),
    PersonalField(
        "fulfillment.ReportSchedule", "recipients", _S, "report by mail", Kept.CONTRACT, _NONE
    ),
)

_STORES = (
    PersonalField("sessions", "", _R, "log-in, basket", Kept.SESSIONS, _ROW),
    PersonalField("hand-out lists", "", _R, "handing out", Kept.PAPERS, _FILE),
    PersonalField("admin log", "", _A, "who changed what", Kept.EVIDENCE, _BLANK),
    PersonalField("payment provider", "", _R, "money", Kept.TRADE, _NONE),
    PersonalField("message channels", "", _R, "messages", Kept.MESSAGES, _NONE),
)

PERSONAL_FIELDS = (*_RESIDENTS, *_APPLICANTS, *_LEADERS, *_STAFF, *_STORES)
# What stands where a person's words were, where there has to be a text.
ERASED_TEXT = "〔已删除〕"


# A pseudonym is this and the number of the row.
PSEUDONYM = "匿名"


def pseudonym(resident_id: int) -> str:
    """The name an erased person has in orders and lists."""
    return f"{PSEUDONYM}{resident_id}"
