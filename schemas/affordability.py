"""The body that asks what a person could pay a month, and how that would be shared between the banks."""

from dataclasses import dataclass

from hub.domain.affordability import Finances
from hub.domain.amounts import amounts_in
from hub.domain.references import References
from schemas.accounts import MAX_ACCOUNTS, Currency, card_faults, named_banks
from schemas.base import ReadNaming, Schema, parts, read
from schemas.fields import Day, Each, Fen, Part, Whole
from schemas.household import MAX_PEOPLE, FinancesSchema, finances_faults, finances_of
from schemas.identifiers import BankCode, CardNumber, CreditorCode
from schemas.loans import MOST_LOANS, debt_faults, named_creditors


class OwedSchema(Schema):
    """What is owed on one card; an account of an application fits, and less of it is enough."""

    bank_code = BankCode(required=True)
    card_number = CardNumber(load_default=None, allow_none=True)
    currency = Currency(load_default=None, allow_none=True)
    principal_fen = Fen(required=True, least=1)
    interest_fen = Fen(load_default=0)
    fees_fen = Fen(load_default=0)
    penalty_fen = Fen(load_default=0)
    overdue_since = Day(load_default=None, allow_none=True)


class OwedLoanSchema(Schema):
    """What is owed on one loan, or the creditor's share of one."""

    creditor_code = CreditorCode(required=True)
    principal_fen = Fen(required=True, least=1)
    interest_fen = Fen(load_default=0)
    fees_fen = Fen(load_default=0)
    penalty_fen = Fen(load_default=0)


class AffordabilitySchema(Schema):
    """A household's month, and what is owed to whom."""

    finances = Part(FinancesSchema, required=True)
    household_size = Whole(least=1, most=MAX_PEOPLE, load_default=None, allow_none=True)
    accounts = Each(Part(OwedSchema), most=MAX_ACCOUNTS, load_default=list)
    loans = Each(Part(OwedLoanSchema), most=MOST_LOANS, load_default=list)


AFFORDABILITY = AffordabilitySchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class AffordabilityQuestion:
    """What is asked. `owed`: (creditor's code as it was sent, fen) of each card, then of each loan."""

    finances: Finances
    owed: tuple[tuple[str, int], ...]


def load_affordability(data: object) -> ReadNaming[AffordabilityQuestion]:
    """The question that `data` holds, or None and every fault; and the banks that it names."""
    found, faults = read(AFFORDABILITY, data)
    faults += finances_faults(found)
    faults += debt_faults(found)
    for place, account in enumerate(parts(found, "accounts")):
        faults += card_faults(account, f"/accounts/{place}")
    references = References(bank_codes=(*named_banks(found, "accounts"), *named_creditors(found)))
    if faults:
        return ReadNaming(None, faults, references)
    owed = (
        *((each["bank_code"], amounts_in(each).total_fen) for each in found["accounts"]),
        *((each["creditor_code"], amounts_in(each).total_fen) for each in found["loans"]),
    )
    return ReadNaming(AffordabilityQuestion(finances=finances_of(found), owed=owed), [], references)
