"""Weights and ways as the admin's tables show them."""


def kg_text(weight_g: int) -> str:
    """Return 12,340 g as '12.3 kg'."""
    return f"{weight_g / 1000:,.1f} kg"


def km_text(distance_m: int) -> str:
    """Return 12,340 m as '12.3 km'."""
    return f"{distance_m / 1000:,.1f} km"
