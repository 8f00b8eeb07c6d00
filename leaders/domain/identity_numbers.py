"""Numbers that prove themselves: identity cards, social credit codes, bank cards.

Sources
-------
GB 11643-1999 (citizen identity number, check digit by ISO 7064 MOD 11-2);
GB 32100-2015 (unified social credit code, MOD 31); ISO/IEC 7812-1 (Luhn).
"""

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CARD_LENGTHS = range(12, 20)


def number_cleaned(text: str) -> str:
    """Return a number as it is checked: without blanks and hyphens, letters in capitals."""
    return "".join(text.split()).replace("-", "").upper()


def is_identity_number(number: str) -> bool:
    """Whether 18 signs are a citizen's identity number: a real birthday, a fitting check sign."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return number[17] == _ID_CHECKS[total % 11]


def is_credit_code(number: str) -> bool:
    """Whether 18 signs are a firm's unified social credit code."""
    if len(number) != 18 or any(sign not in _CREDIT_SIGNS for sign in number):
        return False
    total = sum(
        _CREDIT_SIGNS.index(sign) * weight
        for sign, weight in zip(number[:17], _CREDIT_WEIGHTS, strict=True)
    )
    return number[17] == _CREDIT_SIGNS[-total % 31]


def is_bank_card(number: str) -> bool:
    """Whether 12 to 19 digits are a bank card's number."""
    if len(number) not in _CARD_LENGTHS or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_bank_account(number: str) -> bool:
    """Whether digits can be a firm's account, which carries no check digit of a standard."""
    return 8 <= len(number) <= 30 and number.isascii() and number.isdigit()
