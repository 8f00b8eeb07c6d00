"""Names as people type them."""

import unicodedata


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: spaces, wide letters and capitals aside.

    An empty name is nobody's.
    """
    return bool(_plain(one)) and _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
