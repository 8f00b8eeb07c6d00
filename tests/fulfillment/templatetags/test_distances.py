"""Counts, distances, weights, volumes and spans of time as people read them."""

from fulfillment.templatetags.distances import clock_span, grouped, kg, km, litres


def test_figures_have_their_units() -> None:
    assert grouped(3295) == "3,295"
    assert km(427_996) == "428.0 km"
    assert kg(12_340) == "12.3 kg"
    assert litres(20_400) == "20 l"


def test_spans_are_hours_and_minutes() -> None:
    assert clock_span(11_400) == "3:10"
    assert clock_span(59 * 60 + 40) == "1:00"
    assert clock_span(0) == "0:00"
