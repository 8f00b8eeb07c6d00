"""The ledger in templates: accounts and events as people say them."""

from django import template

from orders.selectors.ledger_wording import account_text, event_text

register = template.Library()


@register.filter
def ledger_account(code: str) -> str:
    """`{{ "leader_payable:L0001"|ledger_account }}` gives owed to leader L0001."""
    return account_text(code)


@register.filter
def ledger_event(event: str) -> str:
    """`{{ "payout"|ledger_event }}` gives commission paid out."""
    return event_text(event)
