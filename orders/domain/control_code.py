"""The control code: four characters by which two papers prove they agree.

Every paper carries the code of the (line, quantity) pairs it was made from
and their total pieces. A sorter compares `K7QD·86` on two papers; if both
agree, the papers were made from the same quantities.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

# 32 characters that cannot be mistaken for one another on a thermal label:
# no 0 and O, no 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 4


def control_code(quantities: Iterable[tuple[str, int]]) -> str:
    """Return the control code of (line id, quantity) pairs.

    Parameters
    ----------
    quantities
        Pairs in any order. Pairs of one line are added up first and lines of
        0 are left out, so a line split over two totes, or a greyed row of
        nothing, does not change the code.

    Returns
    -------
    str
        Four characters of `ALPHABET`: the first 20 bits of a SHA-256. Two
        different contents share a code with odds of 1 in 1,048,576; the
        pieces printed beside it must collide as well. Among the 1,000 papers
        of a large day some pair shares a code with odds of 38 %, so a code
        proves agreement of two papers and identifies none.
    """
    summed: Counter[str] = Counter()
    for line_id, qty in quantities:
        summed[line_id] += qty
    digest = hashlib.sha256()
    for pair in sorted(pair for pair in summed.items() if pair[1]):
        digest.update(json.dumps(pair, ensure_ascii=True).encode("ascii"))
    bits = int.from_bytes(digest.digest()[:4], "big")
    return "".join(
        ALPHABET[bits >> shift & 0b11111] for shift in range(27, 27 - 5 * CODE_LENGTH, -5)
    )
