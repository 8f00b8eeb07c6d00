"""The error family of the whole platform, and the errors of this app.

Every rule that says no raises a `DomainError`. Entry points never compare
message texts: they read `code`, which is stable, and `details`.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A business rule refused what was asked.

    `code` is stable and machine-readable, `message` is a sentence for the
    person who asked, `details` holds the plain values it speaks about.
    """

    code = "domain_error"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, object] = details


class PlaceOutOfRange(DomainError):
    """The numbers are not a longitude and a latitude on Earth."""

    code = "place_out_of_range"


class CommissionRateOutOfRange(DomainError):
    """A commission rate lies between nothing and 30 %."""

    code = "commission_rate_out_of_range"


class CommissionBaseNegative(DomainError):
    """Commission is earned on goods that were paid for, never on less than nothing."""

    code = "commission_base_negative"


class HoldOutOfRange(DomainError):
    """Commission is held for 1 to 15 days after arrival."""

    code = "hold_out_of_range"


class PromiseBroken(AssertionError):
    """A figure broke its own law on the way out: a bug, never the user's fault.

    Not a `DomainError`, because nobody can put it right by asking
    differently; raised by `leaders.domain.promises.ensure`, which unlike
    `assert` stays on in production.
    """


class RoleUnknown(DomainError):
    """Nobody works in a role of that name."""

    code = "role_unknown"


class RolePermissionMissing(DomainError):
    """A permission the role needs is not in the database."""

    code = "role_permission_missing"


class ApplicationAlreadyOpen(DomainError):
    """This phone number already has an application that nobody has decided."""

    code = "application_already_open"


class ApplicationAlreadyDecided(DomainError):
    """Somebody has approved or rejected the application before."""

    code = "application_already_decided"


class NoCommissionPlan(DomainError):
    """Neither the leader nor the level has a plan, and none is the default."""

    code = "no_commission_plan"


class PhotoRefused(DomainError):
    """The file is no photo we can read, or too large to be one."""

    code = "photo_refused"


class SubstitutionRefused(DomainError):
    """The days, the point or the leader do not allow this substitution."""

    code = "substitution_refused"


class SubstitutionOver(DomainError):
    """The substitution has ended before."""

    code = "substitution_over"


class ResalePartnerUnknown(DomainError):
    """Nobody who could sell for this leader has that code."""

    code = "resale_partner_unknown"


class ResaleRateTooHigh(DomainError):
    """The share is above what the owner earns."""

    code = "resale_rate_too_high"


class ResaleAgreedAlready(DomainError):
    """These two leaders have an agreement that holds."""

    code = "resale_agreed_already"


class ResaleNotAgreed(DomainError):
    """A leader sells for another only while the two agree."""

    code = "resale_not_agreed"


class ApplicationClosed(DomainError):
    """The application waits for nothing from the applicant: not sent yet, or decided."""

    code = "application_closed"


class PrivacyNotAgreed(DomainError):
    """Nobody's details are kept before they agreed to how we treat them."""

    code = "privacy_not_agreed"


class InviteCodeRefused(DomainError):
    """The invite code is unknown, used, too old, or the applicant's own."""

    code = "invite_code_refused"


class DocumentRefused(DomainError):
    """A document of this kind, or one more of them, cannot be added."""

    code = "document_refused"


class ConsentRefused(DomainError):
    """The agreement is not the one in force, or the name is not the applicant's."""

    code = "consent_refused"


class ApplicationLinkUnreadable(DomainError):
    """The link to an application is not one of ours."""

    code = "application_link_unreadable"


class LoginNotPossible(DomainError):
    """Somebody who has left, or was never approved, gets no log-in."""

    code = "login_not_possible"


class GeocodingUnavailable(DomainError):
    """The address search does not answer, or not any more today."""

    code = "geocoding_unavailable"


class ApplicationElsewhere(DomainError):
    """The application is not where this step begins; somebody may have moved it."""

    code = "application_elsewhere"


class ApplicationIncomplete(DomainError):
    """Something is missing that this step needs."""

    code = "application_incomplete"


class LeaderExistsAlready(DomainError):
    """The applicant's phone belongs to a leader."""

    code = "leader_exists_already"


class SealBroken(DomainError):
    """A sealed number that none of our keys opens."""

    code = "seal_broken"


class PayeeNumberWrong(DomainError):
    """An identity, licence or bank number that cannot be one; `details` name the field."""

    code = "payee_number_wrong"


class PayeeVerifiedAlready(DomainError):
    """Somebody has verified this payee before."""

    code = "payee_verified_already"


class LeaderElsewhere(DomainError):
    """The leader is in a state from which this cannot be done; somebody may have been first."""

    code = "leader_elsewhere"


class PointRefused(DomainError):
    """The pickup point cannot be opened, closed or handed over like that."""

    code = "point_refused"


class InvitesUsedUp(DomainError):
    """The leader has as many unused invite codes as one may have."""

    code = "invites_used_up"


class ReferralRefused(DomainError):
    """The referrer cannot be changed like that."""

    code = "referral_refused"


class ExitNoticedAlready(DomainError):
    """The leader has given notice, or has left."""

    code = "exit_noticed_already"


class ExitOver(DomainError):
    """The notice has been withdrawn or carried out."""

    code = "exit_over"


class ExitBlocked(DomainError):
    """Something is open between the leader and us, or the notice still runs."""

    code = "exit_blocked"


class PhoneStaysClosed(DomainError):
    """A resident's number is for a pickup that waits, and for nothing else."""

    code = "phone_stays_closed"


class ExportRefused(DomainError):
    """The list of customers belongs to the leader, up to 30 days after the notice."""

    code = "export_refused"


class SecondPersonNeeded(DomainError):
    """Who asked for a deed, or prepared it, is not the one who decides about it."""

    code = "second_person_needed"


class SignerOfAnotherRole(DomainError):
    """Another role decides about this deed."""

    code = "signer_of_another_role"


class CountersignatureWaits(DomainError):
    """The same deed to the same thing waits for a second person already."""

    code = "countersignature_waits"


class CountersignatureOver(DomainError):
    """It was signed or refused before, or its time has run out."""

    code = "countersignature_over"


class CountersignatureWordsMissing(DomainError):
    """Who asks for a second person, and who refuses, says why."""

    code = "countersignature_words_missing"


class HelperRefused(DomainError):
    """The leader has as many helpers as one may have, or one of that name."""

    code = "helper_refused"


class LoginGuarded(DomainError):
    """Nobody changes their own rights, and only superusers touch a superuser's log-in."""

    code = "login_guarded"


class SecondFactorRefused(DomainError):
    """The code is wrong or used, or too many wrong ones were typed; `details` say how long."""

    code = "second_factor_refused"


class ElevationRefused(DomainError):
    """These rights cannot be borrowed by this log-in, or not now."""

    code = "elevation_refused"
