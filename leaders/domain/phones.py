"""Names and phone numbers as strangers may see them.

Printed lists show a surname and the last four digits; the full number stays
in the database and every reading of it is logged.
"""

import re

MASK = "*"
# Only before a whole mobile number: a landline may begin with 86 by itself.
COUNTRY_CODE = re.compile(r"^(?:00)?86(?=[0-9]{11}$)")
MOBILE_NUMBER = re.compile(r"1[3-9][0-9]{9}")
# A longer row of stars would tell how long the name is, and fill the paper
# when an import brings a name of ten thousand characters.
NAME_STARS_MAX = 2
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史上官端木司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
        "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘令狐百里呼延东郭南门西门轩辕",
    )
)


def phone_digits(phone: str) -> str:
    """Return the digits of a phone number without spaces, dashes, +86 or 0086."""
    return COUNTRY_CODE.sub("", re.sub(r"[^0-9]", "", phone))


def is_mobile_number(digits: str) -> bool:
    """Tell whether digits, as `phone_digits` returns them, are a mobile number of the mainland."""
    return MOBILE_NUMBER.fullmatch(digits) is not None


def phone_last4(phone: str) -> str:
    """Return the last four digits, by which residents are told apart."""
    return phone_digits(phone)[-4:]


def mask_phone(phone: str) -> str:
    """Return '199****9593' for '19900029593'.

    Numbers too short to hide anything that way keep at most their last two
    digits; an empty number stays empty.
    """
    digits = phone_digits(phone)
    if len(digits) >= 11:
        return f"{digits[:3]}{MASK * (len(digits) - 7)}{digits[-4:]}"
    shown = min(2, len(digits) // 3)
    return MASK * (len(digits) - shown) + digits[len(digits) - shown :]


def mask_name(name: str) -> str:
    """Return the surname and one star per further character, at most two.

    '毛海燕' becomes '毛**', '欧阳娜娜' becomes '欧阳**'. A name of one
    character is shown as it is with a star, so that it reads as masked.
    """
    trimmed = name.strip()
    if not trimmed:
        return ""
    has_compound = len(trimmed) > 2 and trimmed[:2] in COMPOUND_SURNAMES
    surname = trimmed[:2] if has_compound else trimmed[:1]
    stars = min(max(len(trimmed) - len(surname), 1), NAME_STARS_MAX)
    return surname + MASK * stars
