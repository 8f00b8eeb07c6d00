"""What a resident says at the pickup point."""

import pytest

from orders.domain.pickup_codes import pickup_code


@pytest.mark.parametrize(
    ("pickup_no", "phone", "expected"),
    [(7, "19906918821", "07-8821"), (123, "+86 199 0691 2483", "123-2483")],
)
def test_it_is_the_number_and_the_end_of_the_phone(
    pickup_no: int, phone: str, expected: str
) -> None:
    assert pickup_code(pickup_no, phone) == expected
