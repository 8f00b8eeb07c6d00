"""Money in templates: fen in, what people read out."""

from django import template

from orders.domain.money import format_yuan

register = template.Library()


@register.filter
def yuan(amount_fen: int | None) -> str:
    """`{{ 123450|yuan }}` gives ¥1,234.50; nothing gives a dash."""
    if amount_fen is None:
        return "—"
    text = format_yuan(amount_fen)
    return f"-¥{text[1:]}" if text.startswith("-") else f"¥{text}"
