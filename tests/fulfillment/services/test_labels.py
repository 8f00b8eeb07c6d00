"""Labels on request."""

import pytest
from pytest_django import Settings

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.errors import LabelsTooMany
from fulfillment.papers.labels.sizes import MEDIA, Printing
from fulfillment.selectors.labels.choice import LabelChoice
from fulfillment.services import labels
from fulfillment.services.labels import labels_print
from tests.factories.label_floor import LabelFloor
from tests.fulfillment.papers.reading import codes, page_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor() -> LabelFloor:
    return LabelFloor()


@pytest.mark.parametrize(
    ("kind", "count", "pieces"),
    [
        (Labelled.TOTE, 2, 4),
        (Labelled.PALLET, 1, 4),
        (Labelled.PORTION, 1, 1),
        (Labelled.ITEM, 5, 5),
    ],
)
@pytest.mark.parametrize("medium", ["60x40", "a4-3x8"])
def test_every_kind_is_drawn_with_the_pieces_of_its_rows(
    floor: LabelFloor, kind: Labelled, count: int, pieces: int, medium: str
) -> None:
    floor.seal()
    floor.count()

    paper = labels_print(
        run=floor.run, choice=LabelChoice(kind=kind), printing=Printing(medium=MEDIA[medium])
    )

    assert paper is not None
    assert (paper.lines, paper.pieces) == (count, pieces)
    assert paper.pages == (count if medium == "60x40" else 1)


def test_labels_speak_the_language_of_the_papers(floor: LabelFloor, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    floor.seal()

    paper = labels_print(
        run=floor.run,
        choice=LabelChoice(kind=Labelled.TOTE),
        printing=Printing(medium=MEDIA["80x60"]),
    )

    assert paper is not None
    assert "Tote 1 of 2" in page_texts(paper.pdf)[0]


def test_the_code_of_a_label_is_the_key_of_its_row(floor: LabelFloor) -> None:
    paper = labels_print(
        run=floor.run,
        choice=LabelChoice(kind=Labelled.PORTION),
        printing=Printing(medium=MEDIA["60x40"]),
    )

    assert paper is not None
    code = LabelCode(Labelled.PORTION, floor.portion.pk)
    assert codes(paper.pdf) == {("QRCode", str(code))}


def test_nothing_to_print_is_no_file(floor: LabelFloor) -> None:
    printing = Printing(medium=MEDIA["60x40"])

    assert (
        labels_print(run=floor.run, choice=LabelChoice(kind=Labelled.TOTE), printing=printing)
        is None
    )


def test_more_than_a_few_rolls_are_refused(
    floor: LabelFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "LABELS_MOST", 4)
    printing = Printing(medium=MEDIA["60x40"])

    with pytest.raises(LabelsTooMany):
        labels_print(run=floor.run, choice=LabelChoice(kind=Labelled.ITEM), printing=printing)
