"""The agreement with leaders: its first text, published once."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from leaders.models.agreements import Agreement

DEFAULT_VERSION = "2026-1"


@transaction.atomic
def default_agreement_write(*, now: datetime) -> bool:
    """Publish the default text if there is no agreement yet; return whether it was written.

    The text says what the software does and the law asks for; an operator's
    lawyer reads it before use.
    """
    if Agreement.objects.exists():
        return False
    title, _blank, body = render_to_string("leaders/agreement/default.txt").partition("\n\n")
    _agreement, is_new = Agreement.objects.get_or_create(
        version=DEFAULT_VERSION,
        defaults={"title": title.strip(), "body": body.strip(), "published_at": now},
    )
    return is_new
