"""What a person proposed, as the pages of both sides show it: every field of its kind, and none of another."""

from collections.abc import Collection, Mapping
from typing import Final

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.plain import percent
from hub.domain.proposal import OWN_FIELDS, Proposal
from hub.domain.terms import Kind, Waived
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import day, yuan
from hub.web.pages.translation import translate

FIRST_DAY: Final[Mapping[Kind, str]] = {
    Kind.INSTALMENTS: marked("首次还款日"),
    Kind.REDUCTION: marked("首次还款日"),
    Kind.DEFERRAL: marked("从哪天起延后"),
    Kind.SETTLEMENT: marked("还款日"),
    Kind.LOWER_MINIMUM: marked("从哪天开始"),
}
"""What the first day of each kind is called."""
_PARTS: Final = {
    "principal_fen": marked("本金 %(amount)s"),
    "interest_fen": marked("利息 %(amount)s"),
    "fees_fen": marked("费用 %(amount)s"),
    "penalty_fen": marked("违约金 %(amount)s"),
}


def proposal_rows(proposal: Proposal, *, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """(name, words) of everything that was said but for the fields `without`, in the language of the page.

    The person's own words are not in it.
    """
    own = {
        "instalments": (translate("期数"), _count(proposal.instalments, "%(n)s 期")),
        "monthly_payment_fen": (translate("每月"), _amount(proposal.monthly_payment_fen)),
        "down_payment_fen": (translate("签署后先还"), _amount(proposal.down_payment_fen or None)),
        "months": (_months_name(proposal.kind), _count(proposal.months, "%(n)s 个月")),
        "minimum_percent": (
            translate("最低还款比例"),
            None if proposal.minimum_percent is None else f"{percent(proposal.minimum_percent)}%",
        ),
        "settlement_fen": (translate("一次还清的金额"), _amount(proposal.settlement_fen)),
    }
    rows = [
        (translate("方式"), word("plan", proposal.kind)),
        *(own[name] for name in OWN_FIELDS[proposal.kind] if name in own and name not in without),
    ]
    rows.append((translate(FIRST_DAY[proposal.kind]), day(proposal.first_due_on)))
    rows.append((translate("希望减免"), translate("，").join(_wished(proposal))))
    return [(name, words) for name, words in rows if words]


def _wished(proposal: Proposal) -> list[str]:
    """What the bank is asked to give up; of a settlement it is the rest."""
    if proposal.kind is Kind.SETTLEMENT and proposal.settlement_fen is not None:
        return [translate("其余全部欠款")]
    everything = [translate("全部利息和违约金")] if proposal.waive_interest else []
    return everything + waived_words(Waived() if proposal.waived is None else proposal.waived)


def waived_words(waived: Waived) -> list[str]:
    """Each part that is to be given up, with its amount."""
    return [translate(_PARTS[part], amount=yuan(fen)) for part in AMOUNT_NAMES if (fen := getattr(waived, part))]


def _months_name(kind: Kind) -> str:
    return translate("延后") if kind is Kind.DEFERRAL else translate("月数")


def _count(number: int | None, text: str) -> str | None:
    return None if number is None else translate(text, n=number)


def _amount(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
