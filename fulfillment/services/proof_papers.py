"""Proofs of delivery, drawn when somebody asks for one."""

from datetime import datetime

from fulfillment.models.warehouse import Drop
from fulfillment.papers.delivery_proof import render_delivery_proof
from fulfillment.papers.paper import RenderedPaper
from fulfillment.selectors.papers.delivery_proof import delivery_proof
from fulfillment.services.paper_drawing import drawing
from leaders.models.accounts import User


def proof_print(*, drop: Drop, actor: User, now: datetime) -> RenderedPaper:
    """Draw the proof of one drop as it stands now."""
    with drawing():
        content = delivery_proof(
            drop, printed_by=actor.get_full_name() or actor.get_username(), now=now
        )
        return render_delivery_proof(content)
