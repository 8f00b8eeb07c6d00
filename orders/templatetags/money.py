"""Money in templates: fen in, what people read out."""

from django import template

from orders.domain.money import yuan_text

register = template.Library()


@register.filter
def yuan(amount_fen: int | None) -> str:
    """`{{ 123450|yuan }}` gives ¥1,234.50; nothing gives a dash."""
    return "—" if amount_fen is None else yuan_text(amount_fen)
