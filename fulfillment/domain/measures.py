"""Weights and volumes as screens write them."""


def kilograms(weight_g: int) -> str:
    """Write grams as kilograms with one decimal: 12340 gives `12.3 kg`."""
    return f"{weight_g / 1000:,.1f} kg"


def litres(volume_ml: int) -> str:
    """Write millilitres as whole litres: 20000 gives `20 l`."""
    return f"{volume_ml / 1000:,.0f} l"
