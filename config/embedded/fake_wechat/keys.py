"""Who the merchant and the platform are: made at the first start, kept in the folder."""

import json
import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from config.embedded.ports import HOST

KEY_BITS = 2048
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Both parties' names and the keys that this side holds."""

    merchant_id: str
    app_id: str
    api_v3_key: str
    merchant_serial: str
    platform_key_id: str
    merchant_public: rsa.RSAPublicKey
    platform_private: rsa.RSAPrivateKey


def identity_of(folder: Path) -> Identity:
    """Return the identity kept in a folder; make one if there is none."""
    facts = _facts(folder)
    merchant = _private_key(folder / "merchant_key.pem")
    return Identity(
        **facts,
        merchant_public=merchant.public_key(),
        platform_private=_private_key(folder / "platform_key.pem"),
    )


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """Return the settings that lead the platform here; makes the keys if there are none."""
    facts = _facts(folder)
    return {
        "WECHATPAY_GATEWAY_URL": f"http://{HOST}:{port}",
        "WECHATPAY_MERCHANT_ID": facts["merchant_id"],
        "WECHATPAY_APP_ID": facts["app_id"],
        "WECHATPAY_API_V3_KEY": facts["api_v3_key"],
        "WECHATPAY_MERCHANT_SERIAL": facts["merchant_serial"],
        "WECHATPAY_MERCHANT_KEY_FILE": str(folder.resolve() / "merchant_key.pem"),
        "WECHATPAY_PLATFORM_KEY_ID": facts["platform_key_id"],
        "WECHATPAY_PLATFORM_KEY_FILE": str(folder.resolve() / "platform_pub.pem"),
    }


def write_environment(folder: Path, port: int) -> Path:
    """Write these settings as lines that a shell and django-environ can read."""
    path = folder / "wechatpay.env"
    lines = [f"{name}={value}\n" for name, value in environment_of(folder, port).items()]
    _write_private(path, "".join(lines).encode())
    return path


def _facts(folder: Path) -> dict[str, str]:
    path = folder / "identity.json"
    if not path.exists():
        _make(folder)
    facts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    platform = _new_key(folder / "platform_key.pem")
    _new_key(folder / "merchant_key.pem")
    public = platform.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "platform_pub.pem").write_bytes(public)
    facts = {
        "merchant_id": f"19{secrets.randbelow(10**8):08d}",
        "app_id": "wx" + secrets.token_hex(8),
        "api_v3_key": "".join(secrets.choice(_LETTERS) for _ in range(32)),
        "merchant_serial": secrets.token_hex(20).upper(),
        "platform_key_id": f"PUB_KEY_ID_{secrets.randbelow(10**28):028d}",
    }
    # Last: a folder with this file has all the others.
    _write_private(folder / "identity.json", json.dumps(facts, indent=2).encode())


def _new_key(path: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    _write_private(
        path,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    return key


def _private_key(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key")
    return key


def _write_private(path: Path, content: bytes) -> None:
    # Written aside and moved: a reader sees all of it or none, and only the owner may.
    aside = path.with_suffix(f"{path.suffix}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    aside.replace(path)
