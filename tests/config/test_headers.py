"""What every answer tells the browser not to do."""

import pytest
from django.test import Client

from tests.factories.leaders import UserFactory

ADDRESSES = ["/login/", "/apply/", "/licences/", "/admin/login/", "/nowhere/", "/api/v1/docs/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_runs_and_shows_nothing_but_our_own_files(client: Client, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert (rules["object-src"], rules["base-uri"]) == ("'none'", "'none'")
    assert (rules["form-action"], rules["frame-ancestors"]) == ("'self'", "'none'")
    # Nothing is inline, so not even a nonce opens a way for it.
    assert not {"script-src", "style-src"} & set(rules)
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_a_page_is_not_framed_sniffed_or_told_of_elsewhere(client: Client) -> None:
    headers = client.get("/login/").headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_page_behind_the_log_in_is_kept_by_nobody(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))

    assert "no-store" in client.get("/recruiting/").headers["Cache-Control"]


@pytest.mark.django_db
def test_the_cookie_of_a_session_is_out_of_reach_of_scripts(client: Client) -> None:
    user = UserFactory.create()
    user.set_password("a-long-password")
    user.save()

    client.post("/login/", {"username": user.username, "password": "a-long-password"})

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
