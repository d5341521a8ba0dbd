"""What nobody may send here: secrets with which a card or an account can be used, refused by the name of the field.

The acquirers' notice of China UnionPay (2019-11-18) forbids to ask for or keep them.
"""

import re
from typing import Final

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


def is_card_secret(name: str) -> bool:
    """Whether a field of that name asks for such a secret, however it is spelt."""
    return without_separators(name) in _NAMES


def without_separators(name: str) -> str:
    """The name of a field as it is compared: without what parts its words, in small letters."""
    return _BETWEEN.sub("", name).lower()
