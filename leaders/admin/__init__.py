"""Registers the admin pages with Django; import them from their own module."""

from leaders.admin import accounts, applications, care, communities, leaders, levels, payees

__all__ = ["accounts", "applications", "care", "communities", "leaders", "levels", "payees"]
