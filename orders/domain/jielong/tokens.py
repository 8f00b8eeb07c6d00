"""One row cut into tokens: goods, quantities, doors, operations, and words nobody knows."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from orders.domain.jielong.chain import Operation
from orders.domain.jielong.doors import Door, door_at
from orders.domain.jielong.goods import EXACT_BP, LETTER_OF_NAME_BP, GoodsMatch, spec_end
from orders.domain.jielong.headers import CIRCLED, PriceList
from orders.domain.jielong.quantities import (
    Quantity,
    figure_at,
    phone_at,
    price_at,
    quantity_at,
)
from orders.domain.jielong.text import is_latin, is_pictorial, squeezed

SOFT = " "
DIGITS = "0123456789"
HARD = "=,，、;；/&。.!！?？~～:()（）[]【】\"'“”…|"
_JOINING = re.compile(r"(?:\+|和|及|跟|还有|加上|以及)")
_OPERATIONS = (
    (Operation.WITHDRAW, re.compile(r"退出|取消|撤回|作废|不要了|退了|不拼了")),
    (Operation.CHANGE, re.compile(r"改成|改为|换成|改要|改(?=\s*[A-Z\d一两])")),
    (Operation.ADD, re.compile(r"再加|再来|加购|追加|另加")),
    (Operation.SAME, re.compile(r"同上|同楼上|跟楼上一样|一样的")),
    (Operation.PLUS_ONE, re.compile(r"\(?\s*回复[^()]*\)?")),
)
# Courtesy and pronouns that change nothing about an order.
_POLITE = re.compile(
    r"谢谢|感谢|多谢|麻烦|辛苦|拜托|团长|老板|亲|我要|我也要|也要|我来|想要|要|帮我|帮忙|给我|来(?=\s*[\d一两A-Z])|拿|买|"
    r"接龙|拼|订|自提|自取|晚上取|晚点取|明天取|共|一共|啦|啊|哦|呢|吧|哈|呀|了|的|我"
)
_PLEASED = "✅✔☑🙏🌹😊👍❤💪😀😁😂🤝💐👌🥰😄"
_EACH = re.compile(r"各")


class Kind(Enum):
    """What a token is."""

    GOODS = auto()
    QTY = auto()
    OPERATION = auto()
    DOOR = auto()
    EACH = auto()
    BREAK = auto()
    JOIN = auto()
    WORD = auto()
    SKIPPED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of a row from `start` to `end`, with what it stands for."""

    kind: Kind
    start: int
    end: int
    text: str
    goods: GoodsMatch | None = None
    mark: str = ""
    qty: Quantity | None = None
    operation: Operation | None = None
    door: Door | None = None


# A plus counts pieces only behind goods or a door; anywhere else it joins goods.
PLUS_AFTER = (Kind.GOODS, Kind.DOOR, Kind.EACH)


class Scanner:
    """Cuts the rows of one chain; everything in a row ends up in exactly one token."""

    def __init__(self, prices: PriceList) -> None:
        self._prices = prices

    def tokens(self, text: str, at: int = 0) -> list[Token]:
        """The tokens of a clean text from a place on."""
        found: list[Token] = []
        after: Token | None = None
        while at < len(text):
            token = self.token_at(text, at, after=after) or _word(text, at)
            found.append(token)
            if token.kind is not Kind.SKIPPED:
                after = token
            at = token.end
        return _words_joined(found, text)

    def token_at(self, text: str, at: int, after: Token | None = None) -> Token | None:
        """What is recognised at a place, or None for a word nobody knows."""
        letter = text[at]
        if letter in SOFT:
            return _token(Kind.SKIPPED, text, at, at + 1)
        return (
            self._operation(text, at)
            or _taken_off(text, at, after)
            or self._figures(text, at)
            or self._goods(text, at, after)
            or self._quantity(text, at, after)
            or _between(text, at)
        )

    def begins_order(self, text: str, at: int) -> bool:
        """Whether what a resident wants, or their door, begins here; a nickname ends before it."""
        token = self.token_at(text, at) if at < len(text) else None
        if token is not None and token.kind is Kind.SKIPPED and token.text not in SOFT:
            # 要两板鸡蛋: courtesy in front of an order belongs to it.
            return self.begins_order(text, token.end)
        if token is None or token.kind in (Kind.SKIPPED, Kind.BREAK, Kind.JOIN, Kind.WORD):
            return False
        if token.kind is Kind.GOODS and token.goods is not None:
            if token.mark:
                return True
            is_whole = token.end >= len(text) or not text[token.end].isalpha()
            return (
                token.goods.surety_bp > LETTER_OF_NAME_BP or is_whole or self._counted(text, token)
            )
        return True

    def _counted(self, text: str, token: Token) -> bool:
        return token.end < len(text) and quantity_at(text, token.end) is not None

    def _operation(self, text: str, at: int) -> Token | None:
        for operation, form in _OPERATIONS:
            if found := form.match(text, at):
                said = _token(Kind.OPERATION, text, at, found.end())
                return replace(said, operation=operation)
        return None

    def _figures(self, text: str, at: int) -> Token | None:
        """Phones, prices, doors and clocks: numbers that count nothing."""
        if at and text[at - 1] in DIGITS:
            return None
        for end in (phone_at(text, at), price_at(text, at)):
            if end is not None:
                return _token(Kind.SKIPPED, text, at, end)
        if door := door_at(text, at):
            return replace(_token(Kind.DOOR, text, at, door[1]), door=door[0])
        end = figure_at(text, at)
        return _token(Kind.WORD, text, at, end) if end is not None else None

    def _goods(self, text: str, at: int, after: Token | None) -> Token | None:
        if marked := self._mark(text, at, after):
            return marked
        match = self._prices.lexicon.at(text, at)
        if match is None:
            return None
        end = self._past_spec(text, match)
        return replace(_token(Kind.GOODS, text, at, end), goods=match)

    def _mark(self, text: str, at: int, after: Token | None) -> Token | None:
        letter = text[at].upper()
        declared = self._prices.by_mark.get(letter)
        if declared is None or text[at + 1 : at + 2] == ".":
            # Goods are never followed by a full stop; initials are.
            return None
        if letter not in CIRCLED and not self._stands_alone(text, at):
            return None
        is_sign = text[at] in "xX" and quantity_at(text, at) is not None
        if is_sign and after is not None and after.kind is Kind.GOODS:
            return None
        codes = (declared.sku_code,) if declared.sku_code else ()
        end = at + 1
        match = GoodsMatch(codes, EXACT_BP, end)
        return replace(_token(Kind.GOODS, text, at, end), goods=match, mark=letter)

    def _stands_alone(self, text: str, at: int) -> bool:
        """A letter is a mark unless it is part of a word; AB may be two marks, and x a sign."""
        run_start, run_end = at, at + 1
        while run_start and is_latin(text[run_start - 1]):
            run_start -= 1
        while run_end < len(text) and is_latin(text[run_end]):
            run_end += 1
        run = text[run_start:run_end]
        if len(run) == 1:
            return True
        if len(run) == 2 and run[1] in "xX" and text[run_end : run_end + 1].isdigit():
            return at == run_start
        return run.isupper() and len(run) <= 4 and all(x in self._prices.by_mark for x in run)

    def _past_spec(self, text: str, match: GoodsMatch) -> int:
        """Past a pack size that repeats the goods' own, which is no quantity."""
        end = spec_end(text, match.end)
        if end is None:
            return match.end + text.startswith("装", match.end)
        said = squeezed(text[match.end : end]).removesuffix("装")
        specs = self._prices.lexicon.specs
        own = {spec.removesuffix("装") for code in match.sku_codes for spec in specs.get(code, ())}
        is_packed = squeezed(text[match.end : end]).endswith("装")
        return end if said in own or is_packed else match.end

    def _quantity(self, text: str, at: int, after: Token | None) -> Token | None:
        found = quantity_at(text, at)
        if found is None:
            return None
        qty, end = found
        if not qty.sign and at and text[at - 1] in DIGITS:
            return None
        if qty.sign == "+" and after is not None and after.kind not in PLUS_AFTER:
            return None
        if qty.is_numeral and not qty.unit and not self._ends_phrase(text, end):
            return None
        return replace(_token(Kind.QTY, text, at, end), qty=qty)

    def _ends_phrase(self, text: str, at: int) -> bool:
        """Whether a numeral without a unit may end here: before a gap, goods, or nothing."""
        if at >= len(text) or text[at] in SOFT + HARD + "+":
            return True
        return (
            self._prices.lexicon.at(text, at) is not None
            or text[at].upper() in self._prices.by_mark
        )


def _touches_word(tokens: list[Token], unknown: list[bool], at: int) -> bool:
    """Whether an unknown word goes on right before or right behind a token."""
    before = at > 0 and unknown[at - 1] and tokens[at - 1].text[-1].isalnum()
    behind = at + 1 < len(tokens) and unknown[at + 1] and tokens[at + 1].text[0].isalnum()
    return before or behind


def _is_named(token: Token) -> bool:
    """Whether a token is goods by their name, not by a letter."""
    return token.goods is not None and not token.mark


def _word(text: str, at: int) -> Token:
    """A letter nobody knows, with the rest of its Latin word or number."""
    end = at + 1
    if text[at].isascii() and text[at].isalnum():
        while end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
    return _token(Kind.WORD, text, at, end)


def _taken_off(text: str, at: int, after: Token | None) -> Token | None:
    """`脆桃-2`: nobody can tell a dash from a minus, so it is no quantity."""
    if text[at] != "-" or after is None or after.kind is not Kind.GOODS:
        return None
    found = quantity_at(text, at + 1)
    return _token(Kind.WORD, text, at, found[1]) if found else None


def _between(text: str, at: int) -> Token | None:
    """What separates, joins or is mere courtesy."""
    if text[at] in HARD or text[at] in "-—–*·":
        return _token(Kind.BREAK, text, at, at + 1)
    if _EACH.match(text, at):
        return _token(Kind.EACH, text, at, at + 1)
    for form, kind in ((_JOINING, Kind.JOIN), (_POLITE, Kind.SKIPPED)):
        if found := form.match(text, at):
            return _token(kind, text, at, found.end())
    if text[at] in _PLEASED or text[at] in "\u200d\ufe0f" or 0x1F3FB <= ord(text[at]) <= 0x1F3FF:
        return _token(Kind.SKIPPED, text, at, at + 1)
    return None


def _words_joined(tokens: list[Token], text: str) -> list[Token]:
    """Letters nobody knows as whole words; a name of goods inside such a word is none (鸡蛋面)."""
    joined: list[Token] = []
    unknown = [token.kind is Kind.WORD for token in tokens]
    for order in (range(len(tokens)), reversed(range(len(tokens)))):
        for at in order:
            unknown[at] = unknown[at] or (
                _is_named(tokens[at]) and _touches_word(tokens, unknown, at)
            )
    for token, is_unknown in zip(tokens, unknown, strict=True):
        if is_unknown and token.kind is not Kind.WORD:
            token = _token(Kind.WORD, text, token.start, token.end)
        last = joined[-1] if joined else None
        if token.kind is Kind.WORD and last is not None and last.kind is Kind.WORD:
            joined[-1] = _token(Kind.WORD, text, last.start, token.end)
        else:
            joined.append(token)
    return joined


def _token(kind: Kind, text: str, start: int, end: int) -> Token:
    return Token(kind=kind, start=start, end=end, text=text[start:end])


def is_decoration(text: str) -> bool:
    """Whether a word is only pictures and signs."""
    return all(is_pictorial(letter) or not letter.isalnum() for letter in text)
