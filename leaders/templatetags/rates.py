"""Rates in templates: basis points in, per cent out."""

from django import template

register = template.Library()


@register.filter
def percent(rate_bp: int) -> str:
    """`{{ 1050|percent }}` gives 10.5%, `{{ 1000|percent }}` gives 10%."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"
