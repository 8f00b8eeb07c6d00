"""The language of the screens."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_phone_set_to_english_gets_the_words_of_the_papers(client: Client) -> None:
    page = client.get("/login/", headers={"Accept-Language": "en-US"})

    assert page.status_code == 200
    assert 'lang="zh-hans"' in page.content.decode()
    assert "登录" in page.content.decode()
