"""Letters of the runs of a day."""

from fulfillment.domain.wave_letters import wave_letter


def test_after_z_come_two_letters_and_none_is_given_twice() -> None:
    letters = [wave_letter(place) for place in range(1_000)]

    assert letters[:2] == ["A", "B"]
    assert letters[25:28] == ["Z", "AA", "AB"]
    assert letters[701:703] == ["ZZ", "AAA"]
    assert len(set(letters)) == len(letters)
