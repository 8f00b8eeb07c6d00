"""The messages tool: collects from Python and templates, keeps translations, compiles."""

import gettext
from pathlib import Path

import pytest

from config import messages

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext
first = _("One leader")
second = gettext_lazy(
    "Short by %(count)d "
    "pieces"
)
third = ngettext("%d box", "%d boxes", 2)
plain = "not for people"
"""
ERRORS = """
class SoldOut(Exception):
    pass
"""
RULE = """
from orders.errors import SoldOut
def refuse(left):
    if left == 0:
        raise SoldOut("Nothing is left.", left=left)
    if left < 0:
        raise SoldOut(f"{left} are left.")
    raise ValueError("not for people")
"""
TEMPLATE = """{% load i18n %}
<div>
      <p>{% translate "Hand out" %}</p>
  {% if x %}<p title="{{ name|default:_("nobody") }}">
    {% blocktranslate trimmed with n=total %}
      {{ n }} pieces
      today
    {% endblocktranslate %}</p>{% endif %}
 {# a comment, it's not for people #}
</div>
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small source tree with texts in Python and in a template."""
    for place, source in {"orders/a.py": PYTHON, "templates/orders/a.html": TEMPLATE}.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
    return tmp_path


def update(tree: Path, fragments: dict[str, str]) -> Path:
    catalogue = tree / "django.po"
    known = messages.read_catalogue(catalogue)
    merged = messages.merge(messages.collect(tree), known, fragments)
    messages.write_catalogue(merged, catalogue)
    return catalogue


def test_it_collects_every_text_and_nothing_else(tree: Path) -> None:
    texts = {message.id for message in messages.collect(tree) if message.id}

    assert texts == {
        "One leader",
        "Short by %(count)d pieces",
        ("%d box", "%d boxes"),
        "Hand out",
        "nobody",
        "%(n)s pieces today",
    }


def test_it_collects_the_sentences_of_errors(tree: Path) -> None:
    (tree / "orders" / "errors.py").write_text(ERRORS, encoding="utf-8")
    (tree / "orders" / "rule.py").write_text(RULE, encoding="utf-8")

    texts = {message.id for message in messages.collect(tree)}

    assert "Nothing is left." in texts
    assert not {text for text in texts if "are left" in text or text == "not for people"}


def test_translations_stay_when_the_catalogue_is_renewed(tree: Path) -> None:
    update(tree, {"Hand out": "发货", "One leader": "一位团长"})

    catalogue = messages.read_catalogue(update(tree, {"Hand out": "提货"}))

    assert catalogue["One leader"].string == "一位团长"
    assert catalogue["Hand out"].string == "提货"
    assert "nobody" in messages.untranslated(catalogue)


def test_a_text_that_is_gone_leaves_the_catalogue(tree: Path) -> None:
    update(tree, {"One leader": "一位团长"})
    (tree / "orders" / "a.py").write_text("")

    catalogue = update(tree, {})

    assert "One leader" not in catalogue.read_text(encoding="utf-8")


def test_renewing_changes_nothing_when_no_text_has_changed(tree: Path) -> None:
    first = update(tree, {"Hand out": "提货"}).read_bytes()

    assert update(tree, {}).read_bytes() == first


def test_the_compiled_catalogue_speaks_chinese(tree: Path) -> None:
    catalogue = update(tree, {"Hand out": "提货"})

    messages.compile_catalogue(catalogue)

    with catalogue.with_suffix(".mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Hand out") == "提货"
    assert translations.gettext("One leader") == "One leader"
