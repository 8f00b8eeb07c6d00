"""The letter that tells apart what is delivered on one day: A, B … Z, AA, AB …

It stands in the numbers and codes of papers behind the day, so it must never
be given twice for one day, however many cities deliver on it.
"""

from string import ascii_uppercase


def wave_letter(place: int) -> str:
    """The letter of the first (0), second (1) … run that delivers on a day."""
    above, rest = divmod(place, len(ascii_uppercase))
    return (wave_letter(above - 1) if above else "") + ascii_uppercase[rest]
