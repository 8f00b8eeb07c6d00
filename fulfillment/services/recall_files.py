"""The list of a recall as a workbook; whoever takes it along is written down."""

from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.models.recalls import Recall
from fulfillment.selectors.recalls import RecalledLine, recalled_lines
from leaders.models.accounts import User
from leaders.services.audit import audit


@transaction.atomic
def recall_workbook(*, recall: Recall, actor: User, now: datetime) -> BytesIO:
    """Return every line with masked names and phones, and inert cells."""
    lines = recalled_lines(recall)
    audit(
        action="recall.exported",
        about=recall,
        actor=actor,
        now=now,
        facts={"lines": len(lines)},
    )
    table = Table(
        title=_("Recall"),
        headings=[
            (_("delivery date"), 12),
            (_("leader"), 18),
            (_("pickup point"), 22),
            (_("order no."), 22),
            (_("pickup no."), 10),
            (_("building"), 10),
            (_("room"), 10),
            (_("resident"), 10),
            (_("phone"), 14),
            (_("pieces"), 8),
            (_("brought back"), 10),
            (_("told"), 12),
        ],
        rows=[_row(line) for line in lines],
        facts=[
            (_("SKU"), str(recall.sku)),
            (_("batch no."), recall.batch_no or _("every batch")),
            (_("reason"), recall.reason),
        ],
        sums=[
            "",
            "",
            "",
            "",
            None,
            "",
            "",
            "",
            "",
            sum(line.qty for line in lines),
            sum(line.returned_qty for line in lines),
            "",
        ],
    )
    return workbook(table)


def _row(line: RecalledLine) -> list[str | int | None]:
    words = {
        "reached": _("reached"),
        "waiting": _("on its way"),
        "given_up": _("not reached"),
        "none": _("no phone"),
    }
    return [
        f"{line.delivery_date:%Y-%m-%d}",
        f"{line.leader_code} {line.leader_name}",
        line.point_name,
        line.order_no,
        line.pickup_no,
        line.building,
        line.room,
        line.name,
        line.phone,
        line.qty,
        line.returned_qty,
        words[line.told],
    ]
