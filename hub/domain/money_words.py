"""What speaks of money that changes hands: the names of fields for it, and sums and cash in what somebody writes.

At an appointment nobody pays and nobody takes anything (支付 needs a licence; a bank's own people come without one).
"""

import re
import unicodedata
from typing import Final

_NAMES: Final = frozenset(
    {
        *("amount", "amountfen", "amountyuan", "sum", "paid", "paidfen", "payment", "paymentfen", "cash", "cashfen"),
        *("received", "receivedfen", "collected", "collectedfen", "deposit", "fee", "feefen", "money", "qrcode"),
        *("paymentcode", "payee", "金额", "现金", "收款", "收款码", "已付"),
    }
)
_BETWEEN: Final = re.compile(r"[\s_.-]+")
# Blanks stand in each place once, so that a page of them is not tried in every way that it can be parted.
_SUM: Final = re.compile(
    r"[¥￥]\s*\d|\d[\d,.]*\s*(?:[万千百]\s*)?(?:元|块|rmb|cny|yuan)|(?:rmb|cny)\s*\d|"
    # "一块" is "together", so a small numeral needs 元.
    r"[〇零一二两三四五六七八九十百千万]+\s*元|[一二两三四五六七八九十百千万]*[十百千万]\s*块",
    re.IGNORECASE,
)
# The words that promise that there is none of it stand on every page, so they are no sign of it.
_CASH: Final = re.compile(
    r"(?<!不)(?<!没)(?<!没有)(?:收|付|给|交|带|还)(?:了|取|下)?\s*"
    # With the sum between them it is asked for no less.
    r"(?:[0-9〇零一二两三四五六七八九十百千万,.]{1,20}\s*(?:元|块钱?)?的?\s*)?(?:现金|现钞)|"
    r"收款码|上门收款|上门收钱|上门催收|催收|"
    r"(?<!no )\b(?:pay|take|bring|collect|receive)\w*\s+(?:the\s+|in\s+)?(?:cash|money)\b",
    re.IGNORECASE,
)


def is_money_field(name: str) -> bool:
    """Whether a field of that name is for money that was paid, however it is spelt."""
    return _BETWEEN.sub("", name).lower() in _NAMES


def asks_for_money(text: str) -> bool:
    """Whether the words speak of cash that is taken or brought, or of collecting."""
    return _CASH.search(unicodedata.normalize("NFKC", text)) is not None


def names_a_sum(text: str) -> bool:
    """Whether a sum of money stands in the words, in figures or Chinese numerals."""
    return _SUM.search(unicodedata.normalize("NFKC", text)) is not None
