"""What the rules about personal data refuse."""

from leaders.errors import DomainError


class PersonHasOpenMatters(DomainError):
    """Money, goods or claims are still open; `details` counts them by kind."""

    code = "person_has_open_matters"


class PersonRestricted(DomainError):
    """The data of this resident are kept and used for nothing, so nothing can be ordered."""

    code = "person_restricted"


class PersonRequestAnswered(DomainError):
    """Somebody has answered this request before."""

    code = "person_request_answered"


class PersonAnswerMissing(DomainError):
    """Who refuses a request says why."""

    code = "person_answer_missing"


class PersonErased(DomainError):
    """This resident was erased; nothing is known any more."""

    code = "person_erased"


class PhoneTaken(DomainError):
    """Another resident has proved this phone already."""

    code = "phone_taken"
