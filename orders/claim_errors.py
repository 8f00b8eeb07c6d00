"""What the rules of after-sales claims refuse."""

from leaders.errors import DomainError


class ClaimNotPossible(DomainError):
    """Nothing of this order has been handed out, so nothing of it can be wrong yet."""

    code = "claim_not_possible"


class ClaimExceedsLine(DomainError):
    """More pieces are claimed than came; `details` says how many are left to claim."""

    code = "claim_exceeds_line"


class ClaimPhotoRepeated(DomainError):
    """The same photo is in the claim twice."""

    code = "claim_photo_repeated"


class ClaimPhotosOutOfRange(DomainError):
    """A claim has 1 to 6 photos, and only missing goods can have none."""

    code = "claim_photos_out_of_range"


class ClaimInvalid(DomainError):
    """Something of the claim cannot be used; `details` names the field."""

    code = "claim_invalid"


class ClaimAlreadyDecided(DomainError):
    """Somebody has approved or rejected the claim before."""

    code = "claim_already_decided"


class ClaimAmountOutOfRange(DomainError):
    """An approved claim pays back something, and at most what was asked."""

    code = "claim_amount_out_of_range"


class ClaimLeaderTooLate(DomainError):
    """The leader's time is over, the claim is decided, or the leader has spoken."""

    code = "claim_leader_too_late"


class ClaimLeaderReasonMissing(DomainError):
    """A leader who disagrees says why."""

    code = "claim_leader_reason_missing"


class ClaimReplied(DomainError):
    """The resident has had a first word, or the answer itself."""

    code = "claim_replied"


class ClaimWordsMissing(DomainError):
    """A resident is told something in words, a rejected one why."""

    code = "claim_words_missing"


class BearerNotPossible(DomainError):
    """Nobody can bear this: nothing was paid back, or it is settled who does."""

    code = "bearer_not_possible"


class BearerReasonMissing(DomainError):
    """A leader who did not agree bears a loss only for a reason."""

    code = "bearer_reason_missing"


class RefundNeedsSignature(DomainError):
    """So much goes back only with the signature of finance."""

    code = "refund_needs_signature"


class ClaimWaitsForSignature(DomainError):
    """Finance has been asked to sign this refund; until it has decided nobody else does."""

    code = "claim_waits_for_signature"
