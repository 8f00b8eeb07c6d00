"""What a resident says at the pickup point: '07-8821'."""

from leaders.domain.phones import phone_last4


def pickup_code(pickup_no: int, phone: str) -> str:
    """Return the running number at the point and the end of the phone.

    The number finds the bag, the four digits show that it is theirs. Numbers
    have two digits or as many as they need.
    """
    return f"{pickup_no:02d}-{phone_last4(phone)}"
