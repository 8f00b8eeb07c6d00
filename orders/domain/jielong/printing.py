"""A chain written out again, in the form that reads back the same."""

from orders.domain.jielong.chain import Chain, Entry, Item, Operation
from orders.domain.jielong.doors import door_at

OPERATION_WORDS = {
    Operation.WITHDRAW: "退出",
    Operation.CHANGE: "改成",
    Operation.ADD: "再加",
    Operation.SAME: "同上",
    Operation.PLUS_ONE: "+1",
}


def print_chain(chain: Chain) -> str:
    """The chain as WeChat writes one; rows that are unclear keep their own words.

    Clear rows are written from what was understood: nickname, door, and each
    item by its letter, or by its name as the row has it. Reading the result
    with the same goods gives the same header, goods and entries again.
    """
    marks = {each.sku_code: each.mark for each in chain.goods if each.sku_code}
    title = ["#接龙", *chain.header]
    rows = [_row(number, entry, marks) for number, entry in enumerate(chain.entries, start=1)]
    return "\n".join([*title, "", *rows])


def row_text(entry: Entry, marks: dict[str, str]) -> str:
    """What stands behind a row's number."""
    named_by = door_at(entry.nickname, 0)
    is_door = named_by is not None and named_by[1] == len(entry.nickname)
    parts = [entry.nickname, "" if is_door else _door(entry)]
    if entry.operation is not None:
        parts.append(OPERATION_WORDS[entry.operation])
    if entry.operation not in (Operation.SAME, Operation.PLUS_ONE):
        parts.append(" ".join(_item(item, marks) for item in entry.items))
    return " ".join(part for part in parts if part)


def _row(number: int, entry: Entry, marks: dict[str, str]) -> str:
    if not entry.is_clear and entry.operation is None:
        said = entry.raw.split(".", 1)[-1] if entry.number is not None else entry.raw
        return f"{number}. {said.strip()}"
    return f"{number}. {row_text(entry, marks)}"


def _item(item: Item, marks: dict[str, str]) -> str:
    mark = marks.get(item.sku_code)
    return f"{mark}{item.qty}" if mark else f"{item.raw}"


def _door(entry: Entry) -> str:
    if entry.building and entry.room:
        return f"{entry.building}-{entry.room}"
    return f"{entry.building}栋" if entry.building else (f"{entry.room}室" if entry.room else "")
