"""What nobody may send here: secrets with which a card or an account can be used, by the name of a field or in words.

The acquirers' notice of China UnionPay (2019-11-18) forbids to ask for or keep them.
"""

import re
import unicodedata
from typing import Final

from hub.domain.identifiers import fits_luhn
from hub.domain.invisible import without_invisible

_NAMES: Final = frozenset(
    {
        *("cvn", "cvn2", "cvv", "cvv2", "cvc", "cvc2", "securitycode", "pin", "atmpin", "password", "passwd"),
        *("cardpassword", "paymentpassword", "paypassword", "querypassword", "loginpassword", "expiry", "expirydate"),
        *("expires", "expmonth", "expyear", "validthru", "track1", "track2", "login", "loginname", "username"),
        *("smscode", "bankpassword", "banklogin", "applogin", "apppassword", "appaccount", "accountpassword", "paypwd"),
        *("loginpwd", "tradepassword", "transactionpassword", "paymentpin", "paypin", "verificationcode"),
        *("密码", "有效期", "安全码", "支付密码", "登录密码", "交易密码", "查询密码", "验证码"),
    }
)
_BETWEEN: Final = re.compile(r"[\s_.-]+")
# A word for the secret with its value after it: who only says that they were asked for a password tells none. No two
# signs that repeat stand side by side, or a page of blanks would be tried in every way that it can be parted.
_SECRET_TOLD: Final = re.compile(
    r"(?:密码|口令|安全码|验证码|(?<![a-z])(?:(?:cvv|cvn|cvc)2?|pin|password|passwd)) ?(?:码 ?)?"
    r"(?:(?:就是|是|为|is\b) ?)?"
    # A year, or the hotline that was called because of it, is none.
    r"(?:[:=] ?)?(?!(?:19|20)[0-9]{2} ?[年./-]|(?:95[0-9]{3}|12378)(?![0-9])|400-?[0-9]{3}-?[0-9]{4}(?![0-9]))"
    r"[a-z]{0,12}[0-9]{3,}|"
    # Of a card: a quote, a paper or an authorisation is valid until a day, which may look alike.
    r"(?<!报价)(?<!报价的)(?<!方案)(?<!方案的)(?<!证明)(?<!证明的)(?<!授权)(?<!授权的)(?<!优惠)(?<!优惠的)(?<!截止)"
    r"(?<!协议)(?<!协议的)(?<!quote )(?<!offer )"
    r"(?:有效期|\bexpir[a-z]*|\bvalid thru)[^0-9]{0,4}(?:0[1-9]|1[0-2]) ?/ ?[0-9]{2}(?![0-9])",
    re.IGNORECASE,
)
# Days and the hotlines of banks: beside each other they look like the number of a card.
_NO_NUMBER: Final = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])|[48]00-?[0-9]{3}-?[0-9]{4})"
    r"(?![0-9])"
)
_DIGITS: Final = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){14,18}(?![0-9])")
_ISSUED: Final = re.compile(r"62|4|5[1-5]|35|3[47]")


def is_card_secret(name: str) -> bool:
    """Whether a field of that name asks for such a secret, however it is spelt."""
    return without_separators(name) in _NAMES


def without_separators(name: str) -> str:
    """The name of a field as it is compared: without what parts its words, in small letters."""
    return _BETWEEN.sub("", name).lower()


def secret_in(text: str) -> str | None:
    """Why `text` cannot be kept: `full_number_refused` for the whole number of a card in it, `card_secret_refused`
    for a password, a code or an expiry that is told in it; None where it tells neither. To speak of them is no fault.
    """
    if tells_secret(text):
        return "card_secret_refused"
    return "full_number_refused" if card_numbers_in(text) else None


def tells_secret(text: str) -> bool:
    """Whether a password, a code or an expiry is told in `text`; that somebody asked for one is none."""
    return _SECRET_TOLD.search(" ".join(_plain(text).split())) is not None


def card_numbers_in(text: str) -> list[str]:
    """The whole numbers of cards in `text`: an issuer's first digits, the length and the check digit all fit."""
    numbers = (re.sub(r"[^0-9]", "", found) for found in _DIGITS.findall(_NO_NUMBER.sub("。", _plain(text))))
    return [each for each in numbers if _ISSUED.match(each) and fits_luhn(each)]


def _plain(text: str) -> str:
    return without_invisible(unicodedata.normalize("NFKC", text))
