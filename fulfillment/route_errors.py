"""What planning routes, driving and handing over refuse."""

from leaders.errors import DomainError


class SearchCancelled(DomainError):
    """Somebody asked the search for a plan to stop."""

    code = "search_cancelled"


class TravelUnavailable(DomainError):
    """A road service did not answer, or answered what nobody can use."""

    code = "travel_unavailable"


class TravelQuestionRefused(TravelUnavailable):
    """A road service refuses this question; it may answer a smaller one."""

    code = "travel_question_refused"


class CalibrationNotPossible(DomainError):
    """Too few legs were driven to say anything about the roads."""

    code = "calibration_not_possible"


class PlanDraftNotPossible(DomainError):
    """A plan cannot be drafted, changed or decided like this, or not any more."""

    code = "plan_draft_not_possible"


class PlanDraftOutdated(DomainError):
    """The accepted plan or its goods have changed since this draft was made."""

    code = "plan_draft_outdated"


class PlanRefused(DomainError):
    """The plan breaks a rule; `violations` says which."""

    code = "plan_refused"


class DriverEventRefused(DomainError):
    """What a driver's phone reports does not fit the trip."""

    code = "driver_event_refused"


class HandoverCodeWrong(DomainError):
    """This is not the code that the leader's page shows, or it has run out."""

    code = "handover_code_wrong"


class HandoverNotPossible(DomainError):
    """This stop cannot be handed over like this, or is handed over already."""

    code = "handover_not_possible"


class ClaimWindowOver(DomainError):
    """The time to report differences to a delivery is over."""

    code = "claim_window_over"


class ProofUnreadable(DomainError):
    """A proof is no picture, or too large a one."""

    code = "proof_unreadable"
