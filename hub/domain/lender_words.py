"""What the hub says of a bank, as it says it of a lender that is none, or of several of both: tables of words.

Everything else about a negotiation is the same with both, so its pages and mails have one set of texts.
"""

import re
from collections.abc import Sequence
from typing import Final

# In this order. What a person has at some bank, and houses whose name it is, stay.
_WORDS: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"发卡银行|(?<!人民)(?<!商业)银行(?!卡|账户|流水|存款|转账|业)", "出借人"),
        (r"本行(?!为)", "本机构"),
        (r"这张(?:信用)?卡", "这笔贷款"),
        (r"持卡人", "借款人"),
        # Article 70 speaks of cards alone.
        (r"个性化分期(?:还款)?", "分期还款"),
        (r"(?<!People's )\bBank(s?)\b(?! (?:cards?|accounts?|statements?|transfers?|of)\b)", r"Lender\1"),
        (r"(?<!%\()\bbank(s?)\b(?! (?:cards?|accounts?|statements?|transfers?)\b)", r"lender\1"),
        (r"\bthis (?:credit )?card\b", "this loan"),
        (r"\bCardholder(s?)\b", r"Borrower\1"),
        (r"(?<!%\()\bcardholder(s?)\b", r"borrower\1"),
    )
)

# A Chinese bank is no 出借人 to its cardholders; in English a bank is a lender as well.
_OF_SEVERAL: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"(?<=[家他该些选])银行(?!卡|账户|流水|存款|转账|业|和出借人)", "机构"),
        (r"(?<!人民)(?<!商业)银行(?!卡|账户|流水|存款|转账|业|和出借人)", "对方"),
        (r"(?<!People's )\bBank(s?)\b(?! (?:cards?|accounts?|statements?|transfers?|of|and lender)\b)", r"Lender\1"),
        (r"(?<!%\()\bbank(s?)\b(?! (?:cards?|accounts?|statements?|transfers?|and lenders?)\b)", r"lender\1"),
    )
)


def of_several(text: str) -> str:
    """`text` about banks, in the words for banks and lenders together."""
    return _replaced(text, _OF_SEVERAL)


def of_lender(text: str, *, names: Sequence[str] = ()) -> str:
    """`text` about a bank, in the words for a lender that is none; `names` stand in it as they are."""
    known = [re.escape(name) for name in names if name]
    pieces = re.split(f"({'|'.join(known)})", text) if known else [text]
    return "".join(piece if piece in names else _replaced(piece, _WORDS) for piece in pieces)


def _replaced(text: str, words: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, said in words:
        text = pattern.sub(said, text)
    return text
