"""Which fields hold ciphertext: their name says so, and by it they are found."""


def is_sealed_field(name: str) -> bool:
    """Whether a field is sealed (`leaders.integrations.sealing`)."""
    return name == "sealed" or name.endswith("_sealed")
