"""What one bank is given of an application, and the body that is kept of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hub.domain.affordability import Finances, IncomeKind, IncomeLine, SpendingKind, SpendingLine
from hub.domain.application import (
    Account,
    Applicant,
    Application,
    Channel,
    Consent,
    Contact,
    Correction,
    EvidenceReference,
    Hardship,
    HardshipReason,
    Representative,
    SupportNeed,
)
from hub.domain.evidence import EvidenceKind
from hub.domain.identifiers import IdType
from hub.domain.plain import canonical, from_plain, to_plain
from hub.domain.proposal import Proposal
from hub.domain.submission import Submission, corrected, submission_to
from hub.domain.terms import Kind
from tests.applications import CMB, ICBC

APPLICATION_DAY = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)

# A body as it was sealed before a submission had a type of its own.
STORED = (
    '{"accounts":[{"as_printed":false,"bank_code":"01020000","card_number":"6222100000000007",'
    '"currency":"CNY","fees_fen":3,"interest_fen":46200,"overdue_since":"2026-08-01","penalty_fen":12000,'
    '"principal_fen":1850000}],"applicant":{"email":null,"id_number":"11010519491231002X",'
    '"id_type":"resident_id","mobile":"13800138000","name":"王小明","subject":"host-app-user-1"},'
    '"channel":"hotline","consents":[{"bank_code":"01020000","given_at":"2026-11-20T11:04:05+08:00",'
    '"purpose":"share_with_bank","version":"2026-11"},{"bank_code":null,'
    '"given_at":"2026-11-20T11:04:06+08:00","purpose":"truthful","version":"2026-11"}],'
    '"contact":{"channels":["phone","sms"],"hours":"工作日 9:00-18:00"},"finances":{"dependants":2,'
    '"household_size":3,"income":[{"amount_fen":620000,"kind":"wage"}],'
    '"monthly_essential_spending_fen":410000,"monthly_income_fen":620000,"other_debt_payments_fen":90000,'
    '"spending":[{"amount_fen":410000,"kind":"food"}]},"hardship":{"description":"住院后收入减少，想分期归还。",'
    '"reasons":["illness","unemployment"],"since":"2026-05-01"},"missing_papers":["unemployment"],'
    '"proposal":{"down_payment_fen":0,"first_due_on":"2026-12-28","instalments":null,'
    '"kind":"lower_minimum","minimum_percent":"2.50","monthly_payment_fen":null,"months":6,"note":"请考虑",'
    '"waive_interest":true},"representative":{"authority_evidence":"cccccccccccccccccccccccccccccccc",'
    '"mobile":"13900139000","name":"王大明","relation":"父亲"},"support_needs":["large_text"]}'
)

_PROPOSAL = Proposal(
    kind=Kind.LOWER_MINIMUM,
    first_due_on=date(2026, 12, 28),
    months=6,
    minimum_percent=Decimal("2.5"),
    waive_interest=True,
    note="请考虑",
)
_AT_ICBC = Account(
    bank_code=ICBC,
    card_number="6222100000000007",
    principal_fen=1_850_000,
    interest_fen=46_200,
    fees_fen=3,
    penalty_fen=12_000,
    overdue_since=date(2026, 8, 1),
)
_AT_CMB = Account(
    bank_code=CMB,
    card_number="6225750000000006",
    principal_fen=900_000,
    interest_fen=21_000,
    fees_fen=0,
    penalty_fen=5_000,
    as_printed=True,
)
_FINANCES = Finances(
    monthly_income_fen=620_000,
    monthly_essential_spending_fen=410_000,
    other_debt_payments_fen=90_000,
    dependants=2,
    household_size=3,
    income=(IncomeLine(kind=IncomeKind.WAGE, amount_fen=620_000),),
    spending=(SpendingLine(kind=SpendingKind.FOOD, amount_fen=410_000),),
)


def _consent(purpose: str, bank_code: str | None = None, *, second: int = 5) -> Consent:
    given_at = datetime(2026, 11, 20, 3, 4, second, 678901, tzinfo=UTC)
    return Consent(purpose=purpose, version="2026-11", given_at=given_at, bank_code=bank_code)


_APPLICATION = Application(
    channel=Channel.HOTLINE,
    applicant=Applicant(
        subject="host-app-user-1",
        name="王小明",
        id_type=IdType.RESIDENT_ID,
        id_number="11010519491231002X",
        mobile="13800138000",
    ),
    accounts=(_AT_ICBC, _AT_CMB),
    hardship=Hardship(
        reasons=(HardshipReason.ILLNESS, HardshipReason.UNEMPLOYMENT),
        since=date(2026, 5, 1),
        description="住院后收入减少，想分期归还。",
    ),
    finances=_FINANCES,
    proposal=_PROPOSAL,
    evidence=(
        EvidenceReference(id="a" * 32, kind=EvidenceKind.PAYSLIP),
        EvidenceReference(id="b" * 32, kind=EvidenceKind.MEDICAL_BILL),
    ),
    consents=(
        _consent("share_with_bank", ICBC),
        _consent("share_with_bank", CMB),
        _consent("truthful", second=6),
    ),
    support_needs=(SupportNeed.LARGE_TEXT,),
    contact=Contact(channels=("phone", "sms"), hours="工作日 9:00-18:00"),
    representative=Representative(name="王大明", relation="父亲", mobile="13900139000", authority_evidence="c" * 32),
)


# What an account says since that body was kept, as it is where nobody said it.
SAID_SINCE = {"legal_stage": "none", "court": "", "case_number": ""}


def spelt_as_before(submission: Submission) -> str:
    """The body without what an account says since, which must be what it is where nobody said it."""
    plain = to_plain(submission)
    for account in plain["accounts"]:
        assert {name: account.pop(name) for name in SAID_SINCE} == SAID_SINCE
    return canonical(plain).decode()


def test_the_body_of_a_submission_is_spelt_as_it_always_was() -> None:
    assert spelt_as_before(submission_to(_APPLICATION, ICBC, _PROPOSAL)) == STORED


def test_a_body_that_was_kept_opens_to_the_value_and_is_spelt_the_same_again() -> None:
    kept = from_plain(Submission, json.loads(STORED))
    assert (kept.card_numbers, kept.owed_fen) == (("6222100000000007",), 1_908_203)
    assert (kept.proposal, kept.missing_papers) == (_PROPOSAL, ("unemployment",))
    assert spelt_as_before(kept) == STORED


def test_a_bank_is_given_its_own_accounts_and_consents_and_nothing_of_another() -> None:
    given = submission_to(_APPLICATION, CMB, _PROPOSAL)
    assert given.accounts == (_AT_CMB,)
    assert [each.bank_code for each in given.consents] == [CMB, None]
    assert (given.applicant, given.finances) == (_APPLICATION.applicant, _FINANCES)


def test_a_correction_takes_the_place_of_amounts_and_papers_and_leaves_the_rest() -> None:
    before = submission_to(_APPLICATION, CMB, _PROPOSAL)
    proof = EvidenceReference(id="d" * 32, kind=EvidenceKind.UNEMPLOYMENT_PROOF)
    after = corrected(before, Correction(accounts=(_AT_ICBC,), finances=_FINANCES, evidence=(proof,)))
    assert (after.accounts, after.missing_papers) == ((_AT_ICBC,), ("illness",))
    assert (after.applicant, after.consents, after.proposal) == (before.applicant, before.consents, before.proposal)


def test_a_paper_of_a_helper_that_a_correction_left_out_is_no_paper_any_more() -> None:
    before = submission_to(_APPLICATION, ICBC, _PROPOSAL)
    assert before.representative is not None

    def helper_after(*ids: str) -> Representative | None:
        files = tuple(EvidenceReference(id=each, kind=EvidenceKind.OTHER) for each in ids)
        return corrected(before, Correction(accounts=(_AT_ICBC,), finances=_FINANCES, evidence=files)).representative

    assert helper_after("c" * 32) == before.representative
    assert helper_after("d" * 32) == replace(before.representative, authority_evidence=None)
