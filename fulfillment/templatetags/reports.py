"""Weekdays of schedules."""

from django import template
from django.utils.dates import WEEKDAYS

register = template.Library()


@register.filter
def weekday_name(weekday: int) -> str:
    """`{{ 0|weekday_name }}` gives Monday."""
    return str(WEEKDAYS[weekday])
