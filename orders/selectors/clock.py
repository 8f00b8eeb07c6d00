"""The one clock that decides: the database's, the same for every host."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from orders.models.campaigns import Campaign

Clock = Callable[[], datetime]


def database_now() -> datetime:
    """The database's time of this very statement, not of the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def campaign_at(campaign_id: int, clock: Clock = database_now) -> tuple[Campaign, datetime]:
    """A campaign and the time it is judged at, read in one statement.

    Call it after the campaign's lock and in a statement of its own, or it
    shows the campaign as it was before the lock was waited for. Any other
    clock than the database's is asked apart.
    """
    (campaign,) = Campaign.objects.raw(
        "SELECT *, clock_timestamp() AS read_at FROM orders_campaign WHERE id = %s", [campaign_id]
    )
    read_at: datetime = vars(campaign)["read_at"]
    return campaign, read_at if clock is database_now else clock()
