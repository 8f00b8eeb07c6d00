"""A person is erased from everything: the tables of all apps, files, papers and sessions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from fulfillment.integrations.paper_files import paper_forget
from fulfillment.models.cutoff_run import ImportNote
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.papers import Paper
from fulfillment.selectors.persons import papers_naming
from leaders.models.accounts import User
from orders.domain.personal_data import ERASED_TEXT
from orders.models.orders import Order
from orders.models.personal_data import PersonRequest, PersonRequestKind
from orders.services.person_erasure import Erased, person_erase
from orders.services.personal_data import (
    person_request_handle,
    person_restrict,
)


@transaction.atomic
def person_forget(
    *, request: PersonRequest, actor: User, now: datetime, outcome: str = ""
) -> Erased:
    """Do what a request for erasure asks, and answer it.

    What sessions hold is the caller's to forget (`sessions_forget`): only the
    pages know under which keys.

    The lists on which the person is named are deleted whole: drawn again, they
    show the pseudonym. Raises `PersonHasOpenMatters`, `PersonErased` and
    `PersonRequestAnswered`.
    """
    person_request_handle(request=request, actor=actor, now=now, outcome=outcome)
    erased = person_erase(resident=request.resident, actor=actor, now=now)
    _cases_blank(erased.claim_ids)
    _notes_blank(erased)
    papers_forget(papers_naming(erased.order_ids))
    return erased


@transaction.atomic
def person_request_do(
    *, request: PersonRequest, actor: User, now: datetime, outcome: str = ""
) -> None:
    """Answer any other request; a restriction is put in force by it.

    A correction or a copy was made before by whoever answers.
    """
    person_request_handle(request=request, actor=actor, now=now, outcome=outcome)
    if request.kind == PersonRequestKind.RESTRICT:
        person_restrict(resident=request.resident, actor=actor, now=now)


def papers_forget(papers: Sequence[Paper]) -> int:
    """Delete the files of papers; the rows stay and say that there was one. Return how many."""
    root = Path(settings.PAPERS_ROOT)
    return sum(
        paper_forget(root, paper.run.campaign.code, paper.file) for paper in papers if paper.file
    )


def _cases_blank(claim_ids: Sequence[int]) -> None:
    """Blank what suppliers were shown of the person's claims."""
    cases = ExceptionCase.objects.filter(claim_id__in=claim_ids)
    photos = [str(name) for name in cases.exclude(photo="").values_list("photo", flat=True)]
    cases.update(note="", decision_note="", photo="")
    for name in photos:
        default_storage.delete(name)


def _notes_blank(erased: Erased) -> None:
    """Blank what an import said about a row of the person: it quotes the cells."""
    quoted = Q()
    for word in erased.known_as:
        quoted |= Q(message__contains=word)
    if not quoted:
        return
    campaigns = Order.objects.filter(pk__in=erased.order_ids).values("campaign_id")
    ImportNote.objects.filter(quoted, run__campaign_id__in=campaigns).update(message=ERASED_TEXT)
