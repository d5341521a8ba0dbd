"""What the person could pay, on the wire: one proposal for all banks, or one a bank, never both."""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from hub.domain.amounts import AMOUNT_NAMES, Amounts, amounts_in, sum_of
from hub.domain.application import Account
from hub.domain.debt_components import has_no_minimum
from hub.domain.errors import Fault
from hub.domain.issuers import bank_key, same_bank
from hub.domain.proposal import LEFT_OUT, OWN_FIELDS, BankProposal, Proposal, debt_faults, field_faults
from hub.domain.terms import MAX_INSTALMENTS, MAX_YEARS, Kind, Waived
from schemas.accounts import MAX_ACCOUNTS, components_of, found_component_faults
from schemas.base import Found, Schema, parts, read, repeated
from schemas.fields import Choice, Day, Each, Fen, Part, Percent, SpokenText, TrueOrFalse, Whole
from schemas.identifiers import CreditorCode
from schemas.loans import MOST_LOANS, found_shares

NOTE_LIMIT = 1000


class WaivedSchema(Schema):
    """What the bank gives up, or is asked to, in fen."""

    interest_fen = Fen(load_default=0)
    penalty_fen = Fen(load_default=0)
    fees_fen = Fen(load_default=0)
    principal_fen = Fen(load_default=0)


class ProposalSchema(Schema):
    """A proposal to all banks together; `kind` says which of the fields it has.

    A field of another kind is refused, unless it says nothing: null, or no fen. Instalments, monthly and down payment
    are taken with every kind, and left out where it has none.
    """

    kind = Choice(Kind, required=True)
    instalments = Whole(least=1, most=MAX_INSTALMENTS, load_default=None, allow_none=True)
    months = Whole(least=1, most=MAX_INSTALMENTS, load_default=None, allow_none=True)
    monthly_payment_fen = Fen(load_default=None, allow_none=True)
    first_due_on = Day(required=True)
    down_payment_fen = Fen(load_default=0)
    minimum_percent = Percent(load_default=None, allow_none=True)
    waive_interest = TrueOrFalse(load_default=False)
    note = SpokenText(limit=NOTE_LIMIT, load_default="")
    settlement_fen = Fen(least=1, load_default=None, allow_none=True)
    waived = Part(WaivedSchema, load_default=None, allow_none=True)


ONE_PROPOSAL = ProposalSchema()


class BankProposalSchema(ProposalSchema):
    """A proposal to one bank or other creditor."""

    bank_code = CreditorCode(required=True)


class ProposalsSchema(Schema):
    """The two ways to propose; null and an empty list are the same as leaving one out."""

    proposal = Part(ProposalSchema, load_default=None, allow_none=True)
    proposals = Each(Part(BankProposalSchema), most=MAX_ACCOUNTS + MOST_LOANS, load_default=None, allow_none=True)


def proposal_faults(found: Found, *, today: date) -> Iterator[Fault]:
    """The rules between the fields of the proposals and the accounts, as far as they could be read."""
    # A name that is not in `found` was sent, but could not be read; its own fault says so.
    given = [name for name in ("proposal", "proposals") if found.get(name, True)]
    if not given:
        yield Fault("/proposal", "required")
    if len(given) == 2:
        yield Fault("/proposals", "proposal_or_proposals")
    debts = _debts(found)
    if found.get("proposal"):
        yield from _one_proposal_faults(found["proposal"], "/proposal", today)
        yield from _debt_faults(found["proposal"], "/proposal", _owed(debts))
        yield from _minimum_faults(found["proposal"], "/proposal", debts)
    for place, each in enumerate(parts(found, "proposals")):
        yield from _one_proposal_faults(each, f"/proposals/{place}", today)
        at_bank = _debts_at(debts, each.get("bank_code"))
        yield from _debt_faults(each, f"/proposals/{place}", _owed(at_bank))
        yield from _minimum_faults(each, f"/proposals/{place}", at_bank)
    if given == ["proposals"] and found.get("proposals"):
        yield from _bank_faults(found, debts)


def _one_proposal_faults(found: Found, pointer: str, today: date) -> Iterator[Fault]:
    kind = found.get("kind")
    if kind is not None:
        yield from (fault.under(pointer) for fault in field_faults(kind, found))
    first_due_on = found.get("first_due_on")
    if first_due_on is None:
        return
    tomorrow = today + timedelta(days=1)
    latest = today + relativedelta(years=MAX_YEARS)
    if first_due_on < tomorrow:
        yield Fault(f"{pointer}/first_due_on", "too_early", {"earliest": tomorrow.isoformat()})
    # The first day is looked at alone before months are added, which near the end of the calendar cannot be.
    elif first_due_on > latest or first_due_on + relativedelta(months=_months_after_first(found)) > latest:
        yield Fault(f"{pointer}/first_due_on", "beyond_five_years", {"latest": latest.isoformat()})


def _debts(found: Found) -> list[Found]:
    """The accounts, and each creditor's share of each loan, which bears `is_loan`."""
    return [*parts(found, "accounts"), *found_shares(found)]


def _debts_at(debts: list[Found], bank_code: str | None) -> list[Found]:
    """What is owed to that creditor, under either of a bank's codes; nothing for one that could not be read."""
    if bank_code is None:
        return []
    return [each for each in debts if "bank_code" not in each or same_bank(each["bank_code"], bank_code)]


def _owed(accounts: list[Found]) -> Amounts | None:
    """What is owed on them, or None where an amount of one could not be read, or there is none."""
    if not accounts or any(name not in each for each in accounts for name in AMOUNT_NAMES):
        return None
    return sum_of(amounts_in(each) for each in accounts)


def _debt_faults(found: Found, pointer: str, owed: Amounts | None) -> Iterator[Fault]:
    if owed is None or "kind" not in found:
        return
    own = OWN_FIELDS[found["kind"]]
    amount, wished = found.get("settlement_fen"), found.get("waived")
    faults = debt_faults(
        amount if "settlement_fen" in own else None,
        Waived(**wished) if wished is not None and "waived" in own else None,
        owed,
    )
    yield from (fault.under(pointer) for fault in faults)


def _minimum_faults(found: Found, pointer: str, accounts: list[Found]) -> Iterator[Fault]:
    """A minimum can be lowered only of what has one: no creditor may have loans alone, or principal in instalments."""
    if found.get("kind") is not Kind.LOWER_MINIMUM:
        return
    if any("bank_code" not in each or "principal_fen" not in each for each in accounts):
        return
    of_bank: dict[str, list[Found]] = {}
    for each in accounts:
        of_bank.setdefault(bank_key(each["bank_code"]), []).append(each)
    if any(all(each.get("is_loan") for each in listed) for listed in of_bank.values()):
        yield Fault(f"{pointer}/kind", "not_for_this_creditor")
        return
    cards = [[each for each in listed if not each.get("is_loan")] for listed in of_bank.values()]
    if any(has_no_minimum(_composed(each) for each in listed) for listed in cards):
        yield Fault(f"{pointer}/kind", "no_minimum_of_instalments")


def _composed(account: Found) -> Account:
    sound = not any(True for _ in found_component_faults(account)) and None not in (account.get("components") or [])
    return Account(
        bank_code=account["bank_code"],
        card_number="",
        principal_fen=account["principal_fen"],
        interest_fen=0,
        fees_fen=0,
        penalty_fen=0,
        components=components_of(account) if sound and account.get("components") else (),
    )


def _months_after_first(found: Found) -> int:
    """How many months after the first due day the last one is, as far as the proposal says."""
    instalments, months = found.get("instalments") or 1, found.get("months") or 0
    match found.get("kind"):
        case Kind.INSTALMENTS | Kind.REDUCTION:
            return int(instalments - 1)
        case Kind.DEFERRAL:
            return int(months)
        case Kind.LOWER_MINIMUM:
            return max(int(months) - 1, 0)
        case _:
            return 0


def _bank_faults(found: Found, debts: list[Found]) -> Iterator[Fault]:
    """One proposal for each creditor that is named, a bank under either of its codes, and none for another."""
    owed_to = {each["bank_code"] for each in debts if "bank_code" in each}
    proposed = [each.get("bank_code") for each in parts(found, "proposals")]
    keys = [None if code is None else bank_key(code) for code in proposed]
    yield from repeated("/proposals", keys, "proposal_twice", "/bank_code")
    if len(owed_to) == 0 or not all("bank_code" in each for each in debts):
        return
    named = {bank_key(code) for code in owed_to}
    for place, key in enumerate(keys):
        if key is not None and key not in named:
            yield Fault(f"/proposals/{place}/bank_code", "proposal_for_other_bank")
    if None not in keys:
        for code in sorted(owed_to):
            if bank_key(code) not in keys:
                yield Fault("/proposals", "proposal_missing_for_bank", {"bank_code": code})


def read_proposal(data: object) -> Proposal | None:
    """The one proposal that `data` holds, or None where a field of it cannot be read."""
    found, faults = read(ONE_PROPOSAL, data)
    return None if faults else _proposal(found)


def _proposal(found: Found) -> Proposal:
    return Proposal(**_values(found))


def _values(found: Found) -> Found:
    foreign = {name: empty for name, empty in LEFT_OUT.items() if name not in OWN_FIELDS[found["kind"]]}
    return {**found, **foreign, "waived": None if found["waived"] is None else Waived(**found["waived"])}


def proposal_of(found: Found) -> Proposal | None:
    """The proposal for all banks, which has no fault, where there is one."""
    return _proposal(found["proposal"]) if found["proposal"] else None


def proposals_of(found: Found) -> tuple[BankProposal, ...]:
    """The proposals of single banks, which have no fault."""
    return tuple(BankProposal(**_values(each)) for each in found["proposals"] or ())
