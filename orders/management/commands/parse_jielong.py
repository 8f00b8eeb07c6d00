"""Read a group chain and print what was understood; writes nothing."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leaders.models.leaders import Leader
from orders.domain.jielong.chain import Chain, Entry
from orders.models.campaigns import Campaign
from orders.services.jielong import chain_read

FILE_LIMIT_BYTES = 1024 * 1024


class Command(BaseCommand):
    """`parse_jielong`: one row per entry as JSON, `confidence` in basis points; makes no order."""

    help = "Read a 接龙 text against a campaign's goods and print its entries as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="the text, in UTF-8")
        parser.add_argument("--campaign", required=True, help="code of the campaign")
        parser.add_argument("--leader", help="code of the leader whose words count, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the chain; say in a sentence what cannot be read."""
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        leader = Leader.objects.filter(code=options["leader"]).first()
        if options["leader"] and leader is None:
            raise CommandError(f"There is no leader {options['leader']}.")
        chain = chain_read(text=_text(options["file"]), campaign=campaign, leader=leader)
        self.stdout.write(json.dumps(_facts(campaign, chain), ensure_ascii=False, indent=2))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise CommandError(f"{path} is larger than 1 MB; that is no chain.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8; save it as UTF-8 and try again.") from error


def _facts(campaign: Campaign, chain: Chain) -> dict[str, object]:
    clear = sum(entry.is_clear for entry in chain.entries)
    return {
        "campaign": campaign.code,
        "header": list(chain.header),
        "goods": [
            {
                "mark": each.mark,
                "text": each.text,
                "sku_code": each.sku_code,
                "price_fen": each.price_fen,
            }
            for each in chain.goods
        ],
        "clear": clear,
        "unclear": len(chain.entries) - clear,
        "rows": [_row(entry) for entry in chain.entries],
        "passed_over": [
            {"line": each.line_no, "text": each.text, "why": each.why} for each in chain.passed
        ],
    }


def _row(entry: Entry) -> dict[str, object]:
    return {
        "position": entry.position,
        "number": entry.number,
        "raw": entry.raw,
        "nickname": entry.nickname,
        "building": entry.building,
        "room": entry.room,
        "items": [
            {"sku_code": item.sku_code, "qty": item.qty, "raw": item.raw} for item in entry.items
        ],
        "operation": entry.operation,
        "confidence": entry.confidence_bp,
        "is_clear": entry.is_clear,
        "problems": [{"code": each.doubt.value, "words": each.words} for each in entry.problems],
    }
