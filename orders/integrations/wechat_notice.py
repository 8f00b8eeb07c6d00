"""What stands between a stranger's request and the SDK's reading of a notice."""

from collections.abc import Mapping
from datetime import datetime

from orders.errors import NoticeRefused
from orders.integrations.gateways import NOTICE_AGE_MAX, NOTICE_BYTES_MAX
from orders.integrations.wechat_line import PROOF, SIGNATURE_TYPE

# The provider sends such signatures itself, to see who does not check.
PROBE = "WECHATPAY/SIGNTEST/"


def notice_headers(
    headers: Mapping[str, str], body: bytes, *, platform_key_id: str, now: datetime
) -> dict[str, str]:
    """Return the five headers of a notice that is worth verifying.

    Nothing here costs a call or a signature. An unknown serial above all must
    not reach the SDK, which would fetch certificates for whoever asks.

    Raises
    ------
    NoticeRefused
        If the body is too large, a header is missing or of the wrong kind, the
        signature is a probe, the moment is not near ours, or the key is not
        the one we know.
    """
    if len(body) > NOTICE_BYTES_MAX:
        raise NoticeRefused("The notice is too large.")
    given = {name.lower(): value for name, value in headers.items()}
    found = {name: given.get(f"wechatpay-{name}", "") for name in PROOF}
    if not all(found.values()) or found["signature-type"] != SIGNATURE_TYPE:
        raise NoticeRefused("The notice is not signed.")
    if found["signature"].startswith(PROBE):
        raise NoticeRefused("The notice is a probe of signatures.")
    stamp = found["timestamp"]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NoticeRefused("The notice carries no time.")
    if abs(now.timestamp() - int(stamp)) > NOTICE_AGE_MAX.total_seconds():
        raise NoticeRefused("The notice is too old.")
    if found["serial"] != platform_key_id:
        raise NoticeRefused("The notice is signed with a key we do not know.")
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": found["nonce"],
        "Wechatpay-Serial": found["serial"],
        "Wechatpay-Signature": found["signature"],
        "Wechatpay-Signature-Type": found["signature-type"],
    }
