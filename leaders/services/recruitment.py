"""Recruitment: from an application to a leader with a pickup point."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leaders.domain.coordinates import Place
from leaders.domain.phones import phone_digits
from leaders.errors import ApplicationAlreadyOpen
from leaders.models.applications import LeaderApplication, PointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetails:
    """What an applicant says about themselves and the place; the place is WGS-84."""

    applicant_name: str
    phone: str
    community_name: str
    district: str
    address: str
    point_kind: PointKind
    place: Place


@transaction.atomic
def application_submit(*, details: ApplicationDetails, now: datetime) -> LeaderApplication:
    """File an application.

    Raises `ApplicationAlreadyOpen` while an earlier one of this phone waits.
    """
    application = LeaderApplication(
        applicant_name=details.applicant_name,
        phone=phone_digits(details.phone),
        community_name=details.community_name,
        district=details.district,
        address=details.address,
        point_kind=details.point_kind,
        lng=details.place.lng,
        lat=details.place.lat,
        submitted_at=now,
    )
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as error:
        if "leader_application_one_open_per_phone" not in str(error):
            raise
        raise ApplicationAlreadyOpen(_("This phone already has an open application.")) from error
    return application
