"""`parse_jielong` prints what was understood and writes nothing."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from orders.models.jielong import JielongImport
from orders.models.orders import Order
from tests.factories.storefronts import OpenShop

TEXT = "#接龙\nA鸡蛋 B豆腐\n1. 小满 3-501 A2 B1\n2. 谷雨 退出\n"


def test_every_entry_is_a_row_with_its_words_items_and_doubts(db: None, tmp_path: Path) -> None:
    shop = OpenShop()
    eggs, tofu = shop.offer("农家鸡蛋 30枚"), shop.offer("嫩豆腐 400g")
    file = tmp_path / "chain.txt"
    file.write_text(TEXT, encoding="utf-8")
    out = StringIO()

    call_command("parse_jielong", str(file), "--campaign", shop.campaign.code, stdout=out)

    said = json.loads(out.getvalue())
    first, second = said["rows"]
    assert (said["clear"], said["unclear"]) == (1, 1)
    assert first == {
        "position": 1,
        "number": 1,
        "raw": "1. 小满 3-501 A2 B1",
        "nickname": "小满",
        "building": "3",
        "room": "501",
        "items": [
            {"sku_code": eggs.sku.code, "qty": 2, "raw": "A2"},
            {"sku_code": tofu.sku.code, "qty": 1, "raw": "B1"},
        ],
        "operation": None,
        "confidence": 10_000,
        "is_clear": True,
        "problems": [],
    }
    assert second["operation"] == "withdraw"
    assert second["problems"] == [{"code": "operation", "words": "退出"}]
    assert not Order.objects.exists()
    assert not JielongImport.objects.exists()


def test_what_cannot_be_read_is_said_in_a_sentence(db: None, tmp_path: Path) -> None:
    shop = OpenShop()
    file = tmp_path / "chain.txt"
    file.write_bytes("接龙".encode("gbk"))

    for path, campaign, words in (
        (file, shop.campaign.code, "is not UTF-8"),
        (tmp_path / "gone.txt", shop.campaign.code, "cannot be opened"),
        (file, "gone", "There is no campaign"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("parse_jielong", str(path), "--campaign", campaign)
