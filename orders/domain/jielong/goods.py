"""What goods are called: by letter, name, alias, part of a name, or a picture.

The lexicon knows every phrase that can mean a SKU and how surely. The longest
phrase wins; among phrases of one length the surest; where two SKUs are left,
the phrase is ambiguous and a person decides.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orders.domain.jielong.text import clean, is_latin, is_pictorial, squeezed

# How surely a phrase means a SKU, in basis points.
EXACT_BP = 10_000
PART_BP = 8_500
LETTER_OF_NAME_BP = 7_000

_SPEC = re.compile(
    r"[\d.]+\s*(?:±\s*[\d.]+)?\s*(?:公斤|千克|斤|kg|克|g|ml|毫升|升|l|枚|粒|个|只|片|袋|盒|支|包|罐|瓶|板|块|条|颗)"
    r"(?:\s*[*x×/]\s*\d+\s*[^\d\s]?)?(?:\s*(?:装|/[^\s\d]))?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】")
CORE_MAX = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class JielongGoods:
    """A SKU that a chain may ask for, with everything it is called.

    `mark` is a letter that the seller gave it beforehand; a header may give others.
    """

    sku_code: str
    name: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class GoodsMatch:
    """A phrase of a text that means goods: one SKU, or several (ambiguous)."""

    sku_codes: tuple[str, ...]
    surety_bp: int
    end: int


def core_of(name: str) -> str:
    """A name without its pack size and brackets: `嫩豆腐400g(盒装)` is 嫩豆腐."""
    core = _SPEC.sub(" ", _BRACKETS.sub(" ", clean(name)))
    core = " ".join(core.replace("±", " ").split())
    return core or clean(name)


def spec_end(text: str, at: int) -> int | None:
    """Where a pack size that begins at a place (after spaces) ends, or None."""
    start = len(text) - len(text[at:].lstrip(" "))
    found = _SPEC.match(text, start)
    return found.end() if found else None


def specs_of(name: str) -> tuple[str, ...]:
    """The pack sizes that a name states, squeezed."""
    return tuple(squeezed(found[0]) for found in _SPEC.finditer(clean(name)))


class Lexicon:
    """Every phrase that means goods. `listed` are the SKUs of this chain, preferred in doubt."""

    def __init__(self, goods: Sequence[JielongGoods], listed: Iterable[str] = ()) -> None:
        self._phrases: dict[str, dict[str, int]] = {}
        self._listed = frozenset(listed)
        self._longest = 0
        self.specs = {each.sku_code: specs_of(each.name) for each in goods}
        for each in goods:
            self._learn(each)

    def add(self, phrase: str, sku_code: str, surety_bp: int = EXACT_BP) -> None:
        """Let a phrase mean a SKU, unless it means it more surely already."""
        key = squeezed(phrase)
        if key:
            known = self._phrases.setdefault(key, {})
            known[sku_code] = max(surety_bp, known.get(sku_code, 0))
            self._longest = max(self._longest, len(key))

    def at(self, text: str, at: int) -> GoodsMatch | None:
        """The longest phrase that begins at a place of a clean text."""
        ends = self._ends(text, at)
        for key, end in reversed(ends):
            if known := self._phrases.get(key):
                if is_latin(key[-1]) and end < len(text) and is_latin(text[end]):
                    continue
                return self._match(known, end)
        return None

    def of_name(self, text: str) -> str | None:
        """The one SKU that a whole name means, or None: its name, or the surest phrase in it."""
        exact = self._phrases.get(squeezed(text)) or self._phrases.get(squeezed(core_of(text)))
        if exact:
            match = self._match(exact, 0)
            if len(match.sku_codes) == 1:
                return match.sku_codes[0]
        plain = core_of(text)
        found = (self.at(plain, at) for at in range(len(plain)))
        sure = [each for each in found if each is not None and len(each.sku_codes) == 1]
        best = max(sure, key=lambda each: each.surety_bp, default=None)
        if best is None or best.surety_bp < PART_BP:
            return None
        named = {each.sku_codes[0] for each in sure if each.surety_bp == best.surety_bp}
        return best.sku_codes[0] if len(named) == 1 else None

    def named_in(self, text: str) -> tuple[str, ...]:
        """The SKUs that a text speaks of by name, alias or the end of a name, in its order."""
        named: dict[str, None] = {}
        at = 0
        while at < len(text):
            match = self.at(text, at)
            if match is None or match.surety_bp < PART_BP or len(match.sku_codes) > 1:
                at += 1
                continue
            named[match.sku_codes[0]] = None
            at = match.end
        return tuple(named)

    def _learn(self, goods: JielongGoods) -> None:
        core = core_of(goods.name)
        for phrase in (goods.name, core, *goods.aliases):
            self.add(phrase, goods.sku_code)
        letters = squeezed(core)[:CORE_MAX]
        for start in range(len(letters)):
            for end in range(start + 1, len(letters) + 1):
                part = letters[start:end]
                if any(is_latin(letter) or letter.isdigit() for letter in part):
                    continue
                surety = PART_BP if len(part) > 1 else LETTER_OF_NAME_BP
                self.add(part, goods.sku_code, surety)

    def _ends(self, text: str, at: int) -> list[tuple[str, int]]:
        """Squeezed beginnings of the text from a place on, with where each ends."""
        if at < len(text) and text[at] == " ":
            return []
        ends: list[tuple[str, int]] = []
        key = ""
        for end in range(at, len(text)):
            added = squeezed(text[end])
            if not added:
                if ends and is_pictorial(text[end]):
                    ends[-1] = (key, end + 1)
                continue
            key += added
            if len(key) > self._longest:
                break
            ends.append((key, end + 1))
        return ends

    def _match(self, known: dict[str, int], end: int) -> GoodsMatch:
        surest = max(known.values())
        codes = [code for code, surety in known.items() if surety == surest]
        listed = [code for code in known if code in self._listed]
        if listed and not any(code in self._listed for code in codes):
            surest = max(known[code] for code in listed)
            codes = [code for code in listed if known[code] == surest]
        elif len(codes) > 1:
            codes = [code for code in codes if code in self._listed] or codes
        return GoodsMatch(tuple(sorted(codes)), surest, end)
