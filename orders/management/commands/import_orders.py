"""Read paid orders of 快团团, 群接龙 or a day bundle into a campaign, or only say what they are."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from leaders.errors import DomainError
from leaders.models.leaders import Leader
from orders.domain.foreign_orders.sheets import SUMMARIES, Layout
from orders.domain.foreign_orders.understanding import Refused
from orders.integrations.order_files import order_file_read
from orders.models.campaigns import Campaign
from orders.services.order_import import AUTO, FileOrders, Imported, file_orders, order_import
from orders.services.order_import_wording import note_text, refusal_text

LAYOUTS = (AUTO, *(layout.value for layout in Layout if layout not in SUMMARIES))


class Command(BaseCommand):
    """`import_orders`: idempotent; without a campaign or with `--dry-run` it writes nothing."""

    help = "Import paid orders of 快团团, 群接龙 or a day bundle (xlsx or CSV), and reconcile them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="xlsx or CSV")
        parser.add_argument("--layout", choices=LAYOUTS, default=AUTO)
        parser.add_argument("--campaign", help="code of the campaign they become orders of")
        parser.add_argument("--leader", help="code of the leader, where the file names none")
        parser.add_argument("--dry-run", action="store_true", help="say it all, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object; say in a sentence what stopped it."""
        try:
            read = file_orders(order_file_read(options["file"]), options["layout"])
            imported = self._imported(read, options)
        except DomainError as error:
            raise CommandError(gettext(error.message)) from error
        facts = _facts(read, imported, dry_run=options["dry_run"] or imported is None)
        self.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2))

    def _imported(self, read: FileOrders, options: dict[str, Any]) -> Imported | None:
        if not options["campaign"]:
            return None
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        leader = Leader.objects.filter(code=options["leader"]).first()
        if options["leader"] and leader is None:
            raise CommandError(f"There is no leader {options['leader']}.")
        return order_import(
            found=read.found,
            campaign=campaign,
            leader=leader,
            actor=None,
            now=timezone.now(),
            dry_run=options["dry_run"],
        )


def _facts(read: FileOrders, imported: Imported | None, *, dry_run: bool) -> dict[str, object]:
    found = read.found
    refused = (*found.refused, *(imported.refused if imported else ()))
    accepted = imported.new + imported.known if imported else len(found.orders)
    return {
        "layout": found.layout.value,
        "dry_run": dry_run,
        "rows": found.rows,
        "orders": len(found.orders),
        "pieces": sum(order.pieces for order in found.orders),
        "amount_fen": sum(order.amount_fen or 0 for order in found.orders),
        "accepted": accepted,
        "already_imported": imported.known if imported else 0,
        "rejected": [_rejected(each) for each in sorted(refused, key=lambda each: each.row)],
        "notes": [
            {"row": note.row, "code": note.code, "words": note.words, "message": note_text(note)}
            for note in found.notes
        ],
        "reconciliation": [
            {
                "sheet": figure.sheet,
                "figure": figure.name,
                "file_says": figure.theirs,
                "rows_give": figure.by_rows,
                "understood": figure.ours,
                "reconciled": figure.is_reconciled,
                "explained": [
                    {"row": each.row, "words": each.words, "difference": each.difference}
                    for each in figure.explanations
                ],
            }
            for figure in read.figures
        ],
    }


def _rejected(refused: Refused) -> dict[str, object]:
    return {
        "row": refused.row,
        "code": refused.reason.value,
        "words": refused.words,
        "reason": refusal_text(refused),
    }
