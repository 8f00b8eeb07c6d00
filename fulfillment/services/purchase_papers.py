"""The papers of purchase orders, printed anew when a buyer has decided something."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.selectors.papers.purchasing import order_scope
from fulfillment.selectors.papers.shopping import MARKET_SCOPE
from fulfillment.services.papers import papers_refresh
from leaders.models.accounts import User

DOCUMENTS = (Document.PURCHASE_ORDER, Document.RECEIVING_SHEET, Document.SHOPPING_LIST)


def purchase_papers_print(
    *, run: CutoffRun, orders: Sequence[PurchaseOrder], actor: User, now: datetime
) -> Mapping[str, int]:
    """Print what these orders of a run changed on paper; return the figures of the print.

    Call it outside any transaction, once for all orders of a decision.
    """
    return papers_refresh(
        run=run,
        documents=DOCUMENTS,
        scopes={*(order_scope(order) for order in orders), MARKET_SCOPE},
        actor=actor,
        now=now,
    )
