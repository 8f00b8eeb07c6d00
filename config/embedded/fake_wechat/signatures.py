"""RSA-SHA256 signatures in both directions and AES-256-GCM for what notices carry."""

import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from wechatpayv3.utils import rsa_decrypt

from config.embedded.fake_wechat.errors import ApiError
from config.embedded.fake_wechat.keys import Identity

ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
REQUEST_AGE_MAX_S = 300
_PART = re.compile(r'(\w+)="([^"]*)"')


def verify_merchant(
    identity: Identity, *, authorization: str, method: str, target: str, body: str, now: float
) -> None:
    """Check that a request comes from our merchant; raise a 401 otherwise.

    `target` is the path with its query, as it stands in the request line.
    """
    kind, _space, rest = authorization.partition(" ")
    parts = dict(_PART.findall(rest))
    if kind != ALGORITHM or not parts:
        raise _unsigned("缺少签名或签名算法不支持")
    known = (parts.get("mchid"), parts.get("serial_no"))
    if known != (identity.merchant_id, identity.merchant_serial):
        raise _unsigned("商户号或证书序列号不正确")
    stamp = parts.get("timestamp", "")
    if not stamp.isdecimal() or abs(now - int(stamp)) > REQUEST_AGE_MAX_S:
        raise _unsigned("签名时间戳已过期")
    message = f"{method}\n{target}\n{stamp}\n{parts.get('nonce_str', '')}\n{body}\n"
    try:
        identity.merchant_public.verify(
            b64decode(parts.get("signature", "")), message.encode(), PKCS1v15(), SHA256()
        )
    except (InvalidSignature, Base64Error):
        raise _unsigned("签名错误，请检查签名参数") from None


def decrypt_name(identity: Identity, sealed: str) -> str:
    """Return a name that the merchant encrypted for the platform; raise a 400 otherwise."""
    try:
        return str(rsa_decrypt(ciphertext=sealed, private_key=identity.platform_private))
    except (ValueError, Base64Error):
        raise ApiError(400, "PARAM_ERROR", "敏感信息解密失败") from None


def platform_headers(
    identity: Identity, body: str, *, now: float, serial: str = "", is_forged: bool = False
) -> dict[str, str]:
    """Return the five headers that prove a body is the platform's."""
    stamp, nonce = str(int(now)), secrets.token_hex(16)
    message = f"{stamp}\n{nonce}\n{body}\n".encode()
    signature = identity.platform_private.sign(message, PKCS1v15(), SHA256())
    if is_forged:
        signature = secrets.token_bytes(len(signature))
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial or identity.platform_key_id,
        "Wechatpay-Signature": b64encode(signature).decode(),
        "Wechatpay-Signature-Type": ALGORITHM,
    }


def encrypt(api_v3_key: str, text: str, associated: str) -> tuple[str, str]:
    """Encrypt for the merchant; return the nonce and the ciphertext in Base64."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), text.encode(), associated.encode())
    return nonce, b64encode(sealed).decode()


def _unsigned(message: str) -> ApiError:
    return ApiError(401, "SIGN_ERROR", message)
