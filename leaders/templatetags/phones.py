"""Names and phone numbers in templates, as strangers may see them."""

from django import template

from leaders.domain.phones import mask_name, mask_phone

register = template.Library()


@register.filter
def masked_phone(phone: str) -> str:
    """`{{ "19900029593"|masked_phone }}` gives 199****9593."""
    return mask_phone(phone)


@register.filter
def masked_name(name: str) -> str:
    """`{{ "毛海燕"|masked_name }}` gives 毛**."""
    return mask_name(name)
