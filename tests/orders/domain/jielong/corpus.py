"""Annotated chains: what people write, and what is meant by it."""

from dataclasses import dataclass
from pathlib import Path

from orders.domain.jielong.chain import Entry
from orders.domain.jielong.goods import JielongGoods

CORPUS = Path(__file__).with_name("corpus.txt")
SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "data" / "jielong_samples"

MARKET = (
    JielongGoods(sku_code="EGG", name="农家鸡蛋30枚", unit="板", aliases=("鸡蛋", "🥚")),
    JielongGoods(sku_code="TOFU", name="嫩豆腐400g", unit="盒"),
    JielongGoods(sku_code="PEACH", name="脆桃5斤", unit="箱", aliases=("🍑",)),
    JielongGoods(sku_code="SUG", name="沙糖桔 5斤", unit="箱", aliases=("桔",)),
    JielongGoods(sku_code="GONG", name="贡柑 3斤", unit="箱", aliases=("贡",)),
    JielongGoods(sku_code="POTATO", name="土豆", unit="斤"),
    JielongGoods(sku_code="CARROT", name="胡萝卜 500g", unit="份"),
    JielongGoods(sku_code="WHITE", name="白萝卜 500g", unit="份"),
    JielongGoods(sku_code="MILK", name="纯牛奶250ml*12", unit="箱", aliases=("牛奶",)),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """One entry as a person reads it."""

    nickname: str
    building: str
    room: str
    items: tuple[tuple[str, int], ...]
    operation: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One text with its entries."""

    name: str
    text: str
    entries: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A real text, with figures only: how many entries, and how many of each item."""

    files: tuple[str, ...]
    goods: tuple[JielongGoods, ...]
    entries: int
    items: tuple[tuple[str, int], ...]


def cases() -> tuple[Case, ...]:
    """Every text of the corpus."""
    blocks = CORPUS.read_text(encoding="utf-8").split("\n=== ")[1:]
    return tuple(_case(block) for block in blocks)


def said(entry: Entry) -> Expected:
    """An entry in the words of the corpus."""
    return Expected(
        entry.nickname,
        entry.building,
        entry.room,
        tuple((item.sku_code, item.qty) for item in entry.items),
        str(entry.operation or ""),
        tuple(sorted(problem.doubt for problem in entry.problems)),
    )


def samples() -> tuple[Sample, ...]:
    """The real texts with the figures a person counted in them."""
    meals = tuple(
        JielongGoods(sku_code=f"MEAL-{mark}", name=name, unit="份", mark=mark)
        for mark, name in (
            ("E", "健康碗"),
            ("J", "色拉"),
            ("K", "能量碗"),
            ("L", "意面"),
        )
    )
    return (
        Sample(
            ("menu_announcement.txt", "chain_replies.txt"),
            meals,
            11,
            (("MEAL-E", 1), ("MEAL-J", 4), ("MEAL-K", 1), ("MEAL-L", 2)),
        ),
        Sample(("offtopic_chain_raw_wechat.txt",), MARKET, 13, ()),
        Sample(("wechat_type53_skeleton.xml",), MARKET, 2, ()),
    )


def _case(block: str) -> Case:
    name, _newline, rest = block.partition("\n")
    text, _mark, expected = rest.partition("\n>>>\n")
    rows = [line for line in expected.splitlines() if line.strip()]
    return Case(name, text, tuple(_expected(row) for row in rows))


def _expected(row: str) -> Expected:
    nickname, building, room, items, operation, doubts = (cell.strip() for cell in row.split("|"))
    return Expected(
        nickname,
        building,
        room,
        tuple((item.split()[0], int(item.split()[1])) for item in items.split(",") if item.strip()),
        operation,
        tuple(sorted(d.strip() for d in doubts.split(",") if d.strip() != "clear")),
    )
