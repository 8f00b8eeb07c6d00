"""Sealed numbers and their keys."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from leaders.errors import SealBroken
from leaders.integrations.sealing import reseal, seal, unseal


@pytest.fixture
def key(settings: Settings) -> str:
    made = Fernet.generate_key().decode()
    settings.IDENTITY_KEYS = [made]
    return made


@pytest.mark.usefixtures("key")
def test_what_is_sealed_is_unreadable_and_opens_again() -> None:
    sealed = seal("11010519491231002X")

    assert "110105" not in sealed
    assert seal("11010519491231002X") != sealed
    assert unseal(sealed) == "11010519491231002X"


def test_nothing_is_sealed_as_nothing() -> None:
    assert (seal(""), unseal(""), reseal("")) == ("", "", "")


def test_an_old_key_opens_until_everything_is_sealed_anew(key: str, settings: Settings) -> None:
    old = seal("6222")
    newer = Fernet.generate_key().decode()
    settings.IDENTITY_KEYS = [newer, key]

    anew = reseal(old)

    assert unseal(old) == "6222"
    settings.IDENTITY_KEYS = [newer]
    assert unseal(anew) == "6222"
    with pytest.raises(SealBroken):
        unseal(old)
    with pytest.raises(SealBroken):
        reseal(old)


def test_development_needs_no_key_of_its_own(settings: Settings) -> None:
    settings.IDENTITY_KEYS = []

    assert unseal(seal("6222")) == "6222"


@pytest.mark.usefixtures("key")
def test_a_ciphertext_that_was_changed_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unseal(seal("6222")[:-4] + "AAA=")
