"""Sealing of identity and bank numbers: kept as ciphertext, opened by name of a key.

`settings.IDENTITY_KEYS` lists Fernet keys, the newest first: it seals, and all
of them open. A new key is put in front; `rotate_identity_keys` seals everything
with it, and then the old one may go.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from leaders.errors import SealBroken


def seal(text: str) -> str:
    """Return the ciphertext of a text; '' stays ''."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return the text of a ciphertext; raise `SealBroken` if no key opens it."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("No key of this platform opens this number.") from None


def reseal(sealed: str) -> str:
    """Return a ciphertext sealed anew with the newest key; raise `SealBroken` as `unseal`."""
    if not sealed:
        return ""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("No key of this platform opens this number.") from None


def _keys() -> MultiFernet:
    """The keys of the settings; development without any derives one from its secret."""
    keys = settings.IDENTITY_KEYS or [
        base64.urlsafe_b64encode(hashlib.sha256(settings.SECRET_KEY.encode()).digest())
    ]
    return MultiFernet([Fernet(key) for key in keys])
