"""The header of a chain: which goods it lists, and under which letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.domain.jielong.chain import DeclaredGoods
from orders.domain.jielong.goods import EXACT_BP, PART_BP, JielongGoods, Lexicon
from orders.domain.jielong.quantities import price_fen
from orders.domain.jielong.text import clean, is_pictorial

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARK = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z])\s*[:.、)]\s*(?=[^\s\d])"
    rf"|(?<![A-Za-z0-9])([A-Z])\s*(?=[^\sA-Za-z0-9:.、,)])"
    rf"|([{CIRCLED}])\s*(?=\S)"
)
_OPTIONS = re.compile(r"\(([^)]*)\)")
_BETWEEN = re.compile(r"[/、,;+\s]+")
_LIMIT = re.compile(r"限\s*\d*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """What a chain sells, for reading its rows.

    `by_mark` are the declared goods under their letters (upper case); `listed`
    the SKUs that the header speaks of; `only` the one SKU there is, or None.
    """

    lexicon: Lexicon
    declared: tuple[DeclaredGoods, ...]
    by_mark: Mapping[str, DeclaredGoods]
    listed: tuple[str, ...]
    only: str | None
    units: Mapping[str, str]
    with_options: frozenset[str]


def price_list(header: Sequence[str], goods: Sequence[JielongGoods]) -> PriceList:
    """What the header of a chain sells, out of the goods that are on sale.

    Without letters in the header those that the goods bring along count;
    without any goods in it everything on sale is meant.
    """
    plain = Lexicon(goods)
    declared = _declared(header, plain, {each.mark.upper(): each for each in goods if each.mark})
    if declared:
        listed = tuple(dict.fromkeys(each.sku_code for each in declared))
    else:
        words = [code for line in header for code in plain.named_in(line)]
        listed = tuple(dict.fromkeys(words)) or tuple(each.sku_code for each in goods)
        declared = tuple(
            DeclaredGoods(each.mark.upper(), each.name, each.sku_code)
            for each in goods
            if each.mark
        )
    lexicon = Lexicon(goods, [code for code in listed if code])
    with_options = set()
    for each in declared:
        for option in _own_words(each.text):
            if each.sku_code:
                lexicon.add(option, each.sku_code, PART_BP)
        if each.sku_code:
            lexicon.add(_name_part(each.text), each.sku_code, EXACT_BP)
        if _OPTIONS.search(each.text):
            with_options.add(each.mark)
    return PriceList(
        lexicon=lexicon,
        declared=declared,
        by_mark={each.mark: each for each in declared},
        listed=listed,
        only=listed[0] if len(listed) == 1 and listed[0] else None,
        units={each.sku_code: each.unit for each in goods},
        with_options=frozenset(with_options),
    )


def _declared(
    header: Sequence[str], lexicon: Lexicon, marked: Mapping[str, JielongGoods]
) -> tuple[DeclaredGoods, ...]:
    """Goods under marks, in the order of the header; a mark counts where it stands first."""
    found: dict[str, DeclaredGoods] = {}
    for line in map(clean, header):
        marks = list(_MARK.finditer(line))
        ends = [*(each.start() for each in marks[1:]), len(line)]
        for each, end in zip(marks, ends, strict=False):
            mark = (each[1] or each[2] or each[3]).upper()
            text = line[each.end() : end].strip(" ,;、+")
            if mark in found or not text:
                continue
            code = lexicon.of_name(_name_part(text))
            if code is None and mark in marked:
                code = marked[mark].sku_code
            found[mark] = DeclaredGoods(mark, text, code or "", price_fen(text))
    return tuple(found.values())


def _name_part(text: str) -> str:
    """A declaration without its options, limit and price."""
    name = _LIMIT.sub(" ", _OPTIONS.sub(" ", text))
    return re.sub(r"[¥￥]?\s*\d+(?:\.\d{1,2})?\s*(?:元.*)?$", "", name.strip()).strip()


def _own_words(text: str) -> list[str]:
    """The options in brackets and the pictures of a declaration, each a word for its goods."""
    words = [
        word
        for options in _OPTIONS.findall(text)
        for word in _BETWEEN.split(options)
        if word and not _LIMIT.fullmatch(word) and not word.isdigit()
    ]
    outside = _OPTIONS.sub(" ", text)
    pictures = "".join(letter if is_pictorial(letter) else " " for letter in outside).split()
    return words + pictures
