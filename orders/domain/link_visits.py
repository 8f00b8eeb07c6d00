"""Which openings of a short link are people, as far as a request can tell."""

from collections.abc import Mapping

# Phones and browsers that load a page before anybody asked for it say so.
AHEAD_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
AHEAD_WORDS = ("prefetch", "prerender", "preview")
# Programs that look a link up to draw a card of it, or to index it.
ROBOT_WORDS = (
    "bot",
    "spider",
    "crawler",
    "slurp",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "curl/",
    "wget/",
    "python-",
    "okhttp",
    "java/",
    "go-http-client",
    "headlesschrome",
)


def is_visit(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request for a short link counts as somebody opening it.

    Parameters
    ----------
    method
        Only GET opens a page.
    headers
        By name in any case. A browser that loads ahead and a program that
        names itself are nobody; a request without a user agent is one, too.
    """
    if method != "GET":
        return False
    named = {name.lower(): value.lower() for name, value in headers.items()}
    if any(word in named.get(name, "") for name in AHEAD_HEADERS for word in AHEAD_WORDS):
        return False
    agent = named.get("user-agent", "")
    return bool(agent) and not any(word in agent for word in ROBOT_WORDS)
