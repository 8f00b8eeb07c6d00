"""What was asked survives being kept."""

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.plan_request import PlanRequest

requests = st.builds(
    PlanRequest,
    seconds=st.integers(1, 600),
    engine=st.sampled_from(["", "best", "savings"]),
    keeps_plan=st.booleans(),
    keeps_drivers=st.booleans(),
    vehicles_out=st.frozensets(st.sampled_from(["V1", "V2", "京A·1"])),
    drops_out=st.frozensets(st.integers(1, 9)),
    transships=st.booleans(),
    max_vehicles=st.none() | st.integers(1, 50),
    leaves_from_s=st.integers(0, 86_400),
    note=st.text(max_size=20),
)


@given(requests)
def test_a_request_comes_back_as_it_was_kept(request: PlanRequest) -> None:
    assert PlanRequest.from_json(request.to_json()) == request


def test_what_an_older_or_newer_row_says_is_read_as_far_as_it_is_known() -> None:
    assert PlanRequest.from_json({}) == PlanRequest()
    assert PlanRequest.from_json({"seconds": 9, "of_tomorrow": 1}) == PlanRequest(seconds=9)
