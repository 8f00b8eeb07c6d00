"""Counts, distances, weights, volumes and spans of time as people read them."""

from django import template

from fulfillment.domain import measures

register = template.Library()


@register.filter
def grouped(count: int) -> str:
    """`{{ 3295|grouped }}` gives 3,295; Django would group Chinese figures by four."""
    return f"{count:,}"


@register.filter
def km(distance_m: int) -> str:
    """`{{ 427996|km }}` gives 428.0 km."""
    return f"{distance_m / 1000:,.1f} km"


@register.filter
def kg(weight_g: int) -> str:
    """`{{ 12340|kg }}` gives 12.3 kg."""
    return measures.kilograms(weight_g)


@register.filter
def litres(volume_ml: int) -> str:
    """`{{ 20000|litres }}` gives 20 l."""
    return measures.litres(volume_ml)


@register.filter
def clock_span(duration_s: int) -> str:
    """`{{ 11400|clock_span }}` gives 3:10, hours and minutes."""
    hours, minutes = divmod(round(duration_s / 60), 60)
    return f"{hours}:{minutes:02d}"
