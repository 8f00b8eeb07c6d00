"""A word to one neighbour says what is true."""

import pytest

from fulfillment.services.win_back_wording import win_back_text

pytestmark = pytest.mark.usefixtures("english")
ADDRESS = "https://tuan.example/s/q7k2ab/"


def words(
    name: str = "毛海燕",
    script: str = "",
    usual: tuple[str, ...] = (),
    usual_on_sale: tuple[str, ...] = (),
) -> list[str]:
    return win_back_text(
        name=name, script=script, usual=usual, usual_on_sale=usual_on_sale, address=ADDRESS
    ).splitlines()


def test_goods_on_sale_are_named() -> None:
    assert words(script=" 好久不见。\n", usual=("鸡蛋", "豆腐"), usual_on_sale=("鸡蛋",)) == [
        "Hello 毛海燕, it has been a while!",
        "好久不见。",
        "What you like is on sale again: 鸡蛋",
        f"Have a look → {ADDRESS}",
    ]


def test_goods_that_are_not_on_sale_are_only_asked_about() -> None:
    assert words(usual=("鸡蛋", "豆腐"))[1] == "Shall I tell you when there is 鸡蛋, 豆腐 again?"


def test_who_never_ordered_and_has_no_name_is_greeted_all_the_same() -> None:
    assert words(name="") == ["Hello!", f"Have a look → {ADDRESS}"]
