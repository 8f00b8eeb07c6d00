"""People are counted; machines that look ahead are not."""

import pytest

from orders.domain.link_visits import is_visit

WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50"


def test_a_person_in_wechat_counts() -> None:
    assert is_visit("GET", {"User-Agent": WECHAT, "Accept": "text/html"})


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {"User-Agent": WECHAT}),
        ("POST", {"User-Agent": WECHAT}),
        ("GET", {"User-Agent": WECHAT, "Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"User-Agent": WECHAT, "purpose": "Prefetch"}),
        ("GET", {"User-Agent": WECHAT, "X-Moz": "prefetch"}),
        ("GET", {"User-Agent": WECHAT, "X-Purpose": "preview"}),
        ("GET", {"User-Agent": "facebookexternalhit/1.1"}),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}),
        ("GET", {"User-Agent": "Googlebot/2.1"}),
        ("GET", {"User-Agent": "curl/8.5.0"}),
        ("GET", {"User-Agent": ""}),
        ("GET", {}),
    ],
)
def test_nobody_else_does(method: str, headers: dict[str, str]) -> None:
    assert not is_visit(method, headers)
