"""A pasted text as one chain: the newest snapshot, with what was said beside it.

See `docs/algorithms/jielong.md` for the rules with examples.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from orders.domain.jielong.chain import Chain, Doubt, Entry, Problem
from orders.domain.jielong.entries import DOUBTED_BP, RowReader
from orders.domain.jielong.goods import JielongGoods
from orders.domain.jielong.headers import price_list
from orders.domain.jielong.lines import Passed, PassedOver, Post, Row, posts_of
from orders.domain.jielong.merging import household, merge
from orders.domain.jielong.text import clean
from orders.domain.jielong.tokens import Kind, Scanner


def parse(text: str, goods: Sequence[JielongGoods], *, known_names: Collection[str] = ()) -> Chain:
    """Understand a pasted text.

    Parameters
    ----------
    text
        What was pasted: native chains, free lines, copied chats, or a stored
        message of type 53. Several chains are snapshots of one; the latest
        wins, and rows of an earlier one that collide with it are kept with
        the doubt `COLLIDED`.
    goods
        What is on sale.
    known_names
        Nicknames that the group is known to have; they settle where a name ends.

    Returns
    -------
    Chain
        Every line of the text is in its header, in the raw text of an entry,
        or among its passed lines.
    """
    posts, passed = posts_of(text)
    lead, posts = _lead(posts, goods)
    chains = [post for post in posts if post.is_chain]
    header = chains[-1].header if chains else lead
    prices = price_list(header, goods)
    entries, lost = _entries(posts, RowReader(prices, known_names), Scanner(prices))
    old_headers = [
        Passed(post.line_no, line, PassedOver.SUPERSEDED)
        for post in chains[:-1]
        for line in post.header
        if line not in header
    ]
    if chains:
        old_headers += [Passed(1, line, PassedOver.CHATTER) for line in lead]
    return Chain(
        header=header,
        goods=prices.declared,
        entries=_twice_marked(entries),
        passed=tuple(sorted((*passed, *old_headers, *lost), key=lambda each: each.line_no)),
    )


def _entries(
    posts: Sequence[Post], reader: RowReader, scanner: Scanner
) -> tuple[tuple[Entry, ...], list[Passed]]:
    """The entries of all posts, numbered from 1, and what is not among them.

    Until the end the position of an entry is the line it stands in.
    """
    entries: tuple[Entry, ...] = ()
    lost: list[Passed] = []
    for post in posts:
        if not post.is_chain:
            telling, idle = _told(post, scanner)
            lost += idle
            entries += tuple(reader.entry(row, row.line_no) for row in telling)
            continue
        snapshot = tuple(reader.entry(row, row.line_no) for row in post.rows)
        merged = merge(entries, snapshot)
        gone = [*merged.gone, *(pair.old for pair in (*merged.changed, *merged.kept))]
        lost += [Passed(old.position, old.raw, PassedOver.SUPERSEDED) for old in gone]
        entries = merged.entries
    return tuple(replace(each, position=at) for at, each in enumerate(entries, start=1)), lost


def _lead(
    posts: Sequence[Post], goods: Sequence[JielongGoods]
) -> tuple[tuple[str, ...], tuple[Post, ...]]:
    """The header of a free text, and the posts without it.

    It is what stands above a numbered list, or the first lines that ask for nothing.
    """
    if not posts or posts[0].is_chain:
        return (), tuple(posts)
    scanner = Scanner(price_list((), goods))
    rows = list(posts[0].rows)
    is_list = any(row.number == 1 for row in rows)
    lead: list[str] = []
    while rows and not rows[0].sender and rows[0].number is None:
        is_named = ":" in rows[0].text.rstrip(":")[:12]
        if not is_list and (is_named or _asks(rows[0], scanner)):
            break
        lead.append(clean(rows.pop(0).raw))
    return tuple(lead), (replace(posts[0], rows=tuple(rows)), *posts[1:])


def _told(post: Post, scanner: Scanner) -> tuple[list[Row], list[Passed]]:
    """What was said about the order, and what is mere talk."""
    telling, idle = [], []
    for row in post.rows:
        if row.number is not None or _asks(row, scanner):
            telling.append(row)
        else:
            idle.append(Passed(row.line_no, row.raw, PassedOver.CHATTER))
    return telling, idle


def _asks(row: Row, scanner: Scanner) -> bool:
    """Whether a line names goods, a quantity, a door or an operation."""
    telling = {Kind.GOODS, Kind.QTY, Kind.DOOR, Kind.OPERATION}
    return any(token.kind in telling for token in scanner.tokens(row.text))


def _twice_marked(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Rows of one household that say the same goods twice over are doubted from the second on."""
    seen: Counter[tuple[str, str, str]] = Counter()
    marked = []
    for entry in entries:
        who = household(entry)
        is_second = bool(entry.items) and entry.operation is None and seen[who] > 0
        if entry.items and entry.operation is None:
            seen[who] += 1
        if is_second:
            problems = (*entry.problems, Problem(Doubt.TWICE_IN_LIST, entry.nickname))
            confidence = min(entry.confidence_bp, DOUBTED_BP)
            entry = replace(entry, problems=problems, confidence_bp=confidence)
        marked.append(entry)
    return tuple(marked)
