"""What a paper may show of a person."""


def mask_phone(phone: str) -> str:
    """Only the last four digits: `**** 9593`; nothing for an empty number."""
    digits = "".join(char for char in phone if char.isdigit())
    return f"**** {digits[-4:]}" if digits else ""


def mask_name(name: str) -> str:
    """The first character and stars: `任**`; nothing for an empty name."""
    bare = name.strip()
    return bare[:1] + "**" if bare else ""
