"""Grams as people read them off a scale."""

from django import template

from fulfillment.papers.figures import kilograms_exact

register = template.Library()


@register.filter
def kilograms(weight_g: int) -> str:
    """Grams as kilograms with all three decimals."""
    return kilograms_exact(weight_g)
