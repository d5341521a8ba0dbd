"""What is owed against what is offered: every fen of the balances is put into the plan, waived, or left out.

Of what is put into the plan it is said of what it is made: principal first, then interest, fees and penalty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from cattrs import override

from hub.domain.amounts import AMOUNT_NAMES, Amounts, owed_fen, sum_of
from hub.domain.application import Account
from hub.domain.debt_components import KEEPS_INSTALMENTS, Component, component_faults, in_instalments_fen
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.loan import LoanAccount, contract_end, key_of
from hub.domain.proposed_account import ProposedAccount
from hub.domain.terms import MAX_FEN, Kind, Terms, range_faults

# The figures of a bank are at most so old when it offers on them.
MOST_DAYS_OLD = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Amounts):
    """What is owed on one card or loan on the day `as_of`, by the creditor's figures. Raises Refused with every fault.

    A card is named by `card_last4`, a loan by the last four signs of its contract; never by both.
    """

    card_last4: Annotated[str | None, override(omit_if_default=True)] = None
    contract_last4: Annotated[str | None, override(omit_if_default=True)] = None
    currency: str
    as_of: date
    # Needed where another card of the person ends with the same four digits.
    card_first6: str | None = None
    # Of what the principal is made, empty where it is not known.
    components: Annotated[tuple[Component, ...], override(omit_if_default=True)] = ()

    def __post_init__(self) -> None:
        faults = [fault for name in AMOUNT_NAMES for fault in range_faults(f"/{name}", getattr(self, name), 0, MAX_FEN)]
        faults += self._name_faults()
        first6 = self.card_first6
        if first6 is not None and not (len(first6) == 6 and first6.isascii() and first6.isdigit()):
            faults.append(Fault("/card_first6", "six_digits"))
        if self.currency != "CNY":
            faults.append(Fault("/currency", "unsupported_currency", {"supported": "CNY"}))
        faults += component_faults(self.components, self.principal_fen)
        if faults:
            raise Refused(*faults)

    def _name_faults(self) -> list[Fault]:
        if self.contract_last4 is not None:
            return named_faults(self.card_last4, self.contract_last4)
        four = self.card_last4
        is_form = four is not None and len(four) == 4 and four.isascii() and four.isdigit()
        return [] if is_form else [Fault("/card_last4", "four_digits")]

    @property
    def is_loan(self) -> bool:
        """Whether it is of a loan."""
        return self.contract_last4 is not None

    @property
    def last4(self) -> str:
        """The end of the card's number, or of the loan's contract's."""
        return self.contract_last4 or self.card_last4 or ""


def balance_of(account: Account, *, as_of: date) -> Balance:
    """What the person declared of a card, as a balance of that day."""
    return Balance(
        card_last4=account.card_number[-4:],
        currency=account.currency,
        principal_fen=account.principal_fen,
        interest_fen=account.interest_fen,
        fees_fen=account.fees_fen,
        penalty_fen=account.penalty_fen,
        as_of=as_of,
        components=account.components,
    )


def balance_of_loan(loan: LoanAccount, *, as_of: date) -> Balance:
    """What the person declared of a loan, as a balance of that day."""
    return Balance(
        contract_last4=loan.contract_last4,
        currency="CNY",
        principal_fen=loan.principal_fen,
        interest_fen=loan.interest_fen,
        fees_fen=loan.fees_fen,
        penalty_fen=loan.penalty_fen,
        as_of=as_of,
    )


def named_faults(card_last4: str | None, contract_last4: str) -> list[Fault]:
    """What is wrong with how a balance of a loan names it."""
    faults = [] if card_last4 is None else [Fault("/contract_last4", "card_or_loan")]
    try:
        contract_end(contract_last4)
    except InvalidValue as error:
        faults.append(error.at("/contract_last4"))
    return faults


def sort_faults(balances: Sequence[Balance]) -> list[Fault]:
    """`cards_and_loans_apart` where cards and loans stand under one agreement.

    Article 70 is for credit cards alone, with its promise and its five years; a loan is changed by Civil Code 543.
    """
    both = {each.is_loan for each in balances} == {True, False}
    return [Fault("", "cards_and_loans_apart")] if both else []


def balance_of_proposed(account: ProposedAccount, *, as_of: date) -> Balance:
    """What the bank said of a further card, as a balance of that day."""
    return Balance(
        card_last4=account.card_last4,
        currency="CNY",
        principal_fen=account.principal_fen,
        interest_fen=account.interest_fen,
        fees_fen=account.fees_fen,
        penalty_fen=account.penalty_fen,
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Amounts):
    """Of what the amount in the plan is made."""

    @property
    def is_principal_alone(self) -> bool:
        """Whether nothing but principal was put into the plan."""
        return not (self.interest_fen or self.fees_fen or self.penalty_fen)


def left_out_fen(terms: Terms, balances: Sequence[Balance]) -> int:
    """What is owed and neither put into the plan nor waived; below 0 where more was offered on than is owed."""
    return owed_fen(balances) - terms.principal_fen - terms.waived.total_fen


def kept_fen(kind: Kind, balances: Sequence[Balance]) -> int:
    """How much of the principal terms of `kind` cannot hold, because it is in instalments already."""
    return in_instalments_fen(balances) if kind in KEEPS_INSTALMENTS else 0


def planned_of(terms: Terms, balances: Sequence[Balance]) -> Planned:
    """The make-up of the amount in the plan. Assumes that no more is offered on than is owed."""
    left_fen = terms.principal_fen
    found = {}
    for part in AMOUNT_NAMES:
        there_fen = sum(getattr(balance, part) for balance in balances) - getattr(terms.waived, part)
        if part == "principal_fen":
            there_fen = min(there_fen, sum_of(balances).principal_fen - kept_fen(terms.kind, balances))
        found[part] = max(0, min(left_fen, there_fen))
        left_fen -= found[part]
    return Planned(**found)


def amount_faults(terms: Terms, balances: Sequence[Balance]) -> list[Fault]:
    """`more_than_owed` where more is waived of a part, or more put into the plan, than there is of it.

    `holds_instalments` where terms that leave instalments as they are would hold some of them. A loan has no minimum
    to lower: `not_for_this_creditor`.
    """
    if terms.kind is Kind.LOWER_MINIMUM and any(each.is_loan for each in balances):
        return [Fault("/kind", "not_for_this_creditor")]
    faults = [
        Fault(f"/waived/{part}", "more_than_owed", {"owed_fen": there_fen})
        for part in AMOUNT_NAMES
        if getattr(terms.waived, part) > (there_fen := sum(getattr(balance, part) for balance in balances))
    ]
    most_fen = max(0, owed_fen(balances) - terms.waived.total_fen)
    if terms.principal_fen > most_fen:
        return [*faults, Fault("/principal_fen", "more_than_owed", {"owed_fen": most_fen})]
    if faults:
        return faults
    principal_fen, kept = sum_of(balances).principal_fen, kept_fen(terms.kind, balances)
    # What is waived of the principal is taken off what is in instalments first.
    revolving_fen = most_fen - max(0, kept - terms.waived.principal_fen)
    if terms.principal_fen > revolving_fen:
        params = {"kind": terms.kind.value, "instalments_fen": min(kept, principal_fen), "most_fen": revolving_fen}
        return [Fault("/principal_fen", "holds_instalments", params)]
    return []


def balance_faults(balances: Sequence[Balance], cards: Sequence[str], *, today: date) -> list[Fault]:
    """What is wrong with a bank's balances: each is of one of `cards`, named once, and of late.

    Among `cards` stand the keys of loans. The last four digits name a card, and the first six beside them where two
    cards end alike. Pointers are relative to the list of balances.
    """
    faults: list[Fault] = []
    named: set[str] = set()
    for place, balance in enumerate(balances):
        found, unknown = _found_among(balance, cards)
        if unknown is not None:
            faults.append(unknown.under(f"/{place}"))
        elif len(found) > 1 and balance.card_first6 is None:
            faults.append(Fault(f"/{place}/card_first6", "required"))
        elif found[0] in named:
            name = "contract_last4" if balance.is_loan else "card_last4"
            faults.append(Fault(f"/{place}/{name}", "listed_twice"))
        else:
            named.add(found[0])
        if balance.as_of > today:
            faults.append(Fault(f"/{place}/as_of", "date_in_future"))
        elif balance.as_of < today - timedelta(days=MOST_DAYS_OLD):
            faults.append(Fault(f"/{place}/as_of", "balance_too_old", {"days": MOST_DAYS_OLD}))
    return faults


def _found_among(balance: Balance, cards: Sequence[str]) -> tuple[list[str], Fault | None]:
    if balance.is_loan:
        found = [each for each in cards if each == key_of(balance.last4)]
        return found, None if found else Fault("/contract_last4", "loan_unknown")
    of_four = [card for card in cards if card.isdigit() or "*" in card if card.endswith(balance.last4)]
    found = [card for card in of_four if balance.card_first6 is None or card.startswith(balance.card_first6)]
    return found, None if found else Fault(f"/{'card_first6' if of_four else 'card_last4'}", "card_unknown")


def distinguished(balances: Sequence[Balance], cards: Sequence[str]) -> tuple[Balance, ...]:
    """The balances of `cards`, in their order, with the first six digits where another card ends alike."""
    ends = [card[-4:] for card in cards]
    return tuple(
        replace(balance, card_first6=card[:6]) if ends.count(card[-4:]) > 1 else balance
        for balance, card in zip(balances, cards, strict=True)
    )


def with_declared_components(balances: Sequence[Balance], declared: Sequence[Balance]) -> tuple[Balance, ...]:
    """A bank's balances, each with the parts that the person named where the bank names none and has that principal."""
    return tuple(
        replace(balance, components=said.components)
        if (said := _of_same_card(balance, declared)) is not None
        and not balance.components
        and said.principal_fen == balance.principal_fen
        else balance
        for balance in balances
    )


def components_needed(kind: Kind, balances: Sequence[Balance], declared: Sequence[Balance]) -> list[Fault]:
    """Where a bank has to say what is in instalments: the person named some, of a principal that is another by now.

    Asked for terms that leave instalments as they are. Pointers are relative to the list of balances.
    """
    return [
        Fault(f"/{place}/components", "components_needed")
        for place, balance in enumerate(balances)
        if kind in KEEPS_INSTALMENTS
        and not balance.components
        and (said := _of_same_card(balance, declared)) is not None
        and in_instalments_fen([said])
    ]


def _of_same_card(balance: Balance, declared: Sequence[Balance]) -> Balance | None:
    found = [
        each
        for each in declared
        if (each.card_last4, each.contract_last4) == (balance.card_last4, balance.contract_last4)
        and (None in (each.card_first6, balance.card_first6) or each.card_first6 == balance.card_first6)
    ]
    return found[0] if len(found) == 1 else None
