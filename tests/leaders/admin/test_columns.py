"""The wording of figures in admin tables."""

from datetime import UTC, datetime
from types import SimpleNamespace

from leaders.admin.columns import figure, moment, percent


def test_figures_have_separators() -> None:
    assert figure("pieces", "pieces")(SimpleNamespace(pieces=74550)) == "74,550"


def test_zero_is_a_figure_and_nothing_is_a_dash() -> None:
    column = figure("pieces", "pieces")

    assert column(SimpleNamespace(pieces=0)) == "0"
    assert column(SimpleNamespace(pieces=None)) == "—"


def test_a_path_that_ends_early_is_a_dash() -> None:
    assert figure("demand__pieces", "pieces")(SimpleNamespace()) == "—"


def test_basis_points_are_per_cent() -> None:
    column = percent("rate_bp", "rate")

    assert column(SimpleNamespace(rate_bp=850)) == "8.5 %"
    assert column(SimpleNamespace(rate_bp=1000)) == "10 %"


def test_moments_are_in_the_operators_time() -> None:
    at = datetime(2026, 3, 10, 14, 58, tzinfo=UTC)

    assert moment("at", "at")(SimpleNamespace(at=at)) == "2026-03-10 22:58"
