"""Every page of leaders, found in the routes, with the rows that its address names."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

LEADER = "leader/"


def leader_routes() -> list[tuple[str, str]]:
    """(name, route) of everything under /leader/, in the order of the routes."""
    routes = _routes(get_resolver().url_patterns, "")
    return [(name, route) for name, route in routes if route.startswith(LEADER)]


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield pattern.name or "", route
