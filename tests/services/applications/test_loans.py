"""Loans at intake: who gets which negotiation, what each creditor sees, and what stands where beside the cards."""

from datetime import date
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.application import Correction
from hub.domain.bank import Bank
from hub.domain.errors import NegotiationAlreadyOpen
from hub.domain.references import References
from hub.domain.submission import Submission, corrected
from hub.services.applications import intake
from hub.services.delivery import packets
from hub.services.documents.printing import form_of
from hub.services.negotiations import further_accounts
from hub.wiring import Hub
from schemas.application import load_correction
from storage import negotiations, queue_index
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import Submit, Submitted
from tests.services.case import everything_stored
from tests.services.conftest import OpenCase


def told_to(hub: Hub, sent: Submitted) -> dict[str, Submission]:
    """What each creditor is told, by its code."""
    with hub.reading(HUB) as tx:
        return {row.bank_code: submission_of(tx, row) for row in negotiations.list_of_application(tx, sent.id)}


def test_a_card_and_a_loan_of_one_bank_are_one_negotiation(hub: Hub, submitted: Submit) -> None:
    told = told_to(hub, submitted(ICBC, loans=[applications.loan(ICBC)]))
    assert list(told) == [ICBC]
    assert (len(told[ICBC].accounts), [each.contract_last4 for each in told[ICBC].loans]) == (1, ["80A6"])
    assert told[ICBC].owed_fen == 1_908_200 + 835_500


def test_who_lend_together_get_one_each_with_their_own_share(hub: Hub, submitted: Submit) -> None:
    whole = applications.loan(ICBC, co_lenders=applications.lenders((ICBC, "70.00"), (CMB, "30.00")))
    told = told_to(hub, submitted(ICBC, CMB, accounts=[], loans=[whole]))
    assert set(told) == {ICBC, CMB}
    shares = {code: submission.loans for code, submission in told.items()}
    assert {code: [each.principal_fen for each in loans] for code, loans in shares.items()} == {
        ICBC: [574_000],
        CMB: [246_000],
    }
    for code, [share] in shares.items():
        assert (share.creditor_code, share.co_lenders, share.is_share) == (code, (), True)
        assert told[code].accounts == ()
        assert [each.bank_code for each in told[code].consents if each.bank_code] == [code]


def test_the_split_of_a_proposal_goes_by_cards_and_shares(hub: Hub, submitted: Submit) -> None:
    card = applications.account(ICBC, principal_fen=600_000, interest_fen=0, penalty_fen=0)
    together = applications.lenders((ICBC, "50.00"), (CMB, "50.00"))
    whole = applications.loan(ICBC, principal_fen=800_000, interest_fen=0, penalty_fen=0, co_lenders=together)
    proposal = {**applications.application()["proposal"], "monthly_payment_fen": 70_000}
    told = told_to(hub, submitted(ICBC, CMB, accounts=[card], loans=[whole], proposal=proposal))
    assert {code: each.proposal.monthly_payment_fen for code, each in told.items()} == {ICBC: 50_000, CMB: 20_000}


def test_whoever_already_negotiates_with_the_lender_is_refused_and_nothing_is_written(
    hub: Hub, submitted: Submit
) -> None:
    first = submitted(CMB, applicant=applications.person(7))
    before = everything_stored(hub)
    with pytest.raises(NegotiationAlreadyOpen) as refusal:
        submitted(
            CMB,
            applicant=applications.person(7),
            client=first.client,
            files=0,
            accounts=[],
            loans=[applications.loan(CMB)],
        )
    assert refusal.value.bank_code == CMB
    assert everything_stored(hub) == before


def test_the_packet_names_the_loan_and_no_other_lender(hub: Hub, submitted: Submit) -> None:
    whole = applications.loan(ICBC, co_lenders=applications.lenders((ICBC, "70.00"), (CMB, "30.00")))
    sent = submitted(ICBC, CMB, accounts=[], loans=[whole])
    with hub.reading(HUB) as tx:
        packet = packets.packet_of(tx, tx.session.get_one(NegotiationRecord, sent.negotiations[CMB]))
    assert packet["accounts"] == []
    assert packet["loans"] == [
        {
            "creditor_code": CMB,
            "contract_last4": "80A6",
            "product": "消费贷款",
            "platform_name": "某购物 App",
            "principal_fen": 246_000,
            "interest_fen": 3_930,
            "fees_fen": 0,
            "penalty_fen": 720,
            "overdue_since": "2026-09-10",
            "annual_rate_percent": "14.60",
            "is_share": True,
        }
    ]
    assert ICBC not in str(packet)


def test_the_printed_form_has_a_row_for_each_loan_and_nothing_of_other_lenders(hub: Hub, submitted: Submit) -> None:
    whole = applications.loan(ICBC, co_lenders=applications.lenders((ICBC, "70.00"), (CMB, "30.00")))
    sent = submitted(ICBC, CMB, accounts=[], loans=[whole])
    with hub.reading(HUB) as tx:
        form = form_of(tx, tx.session.get_one(NegotiationRecord, sent.negotiations[CMB]))
    [row] = form.accounts
    assert (row.card, row.principal_fen) == ("合同尾号 80A6", 246_000)
    assert row.lines == (
        "贷款：消费贷款，合同年利率 14.60%，经“某购物 App”办理",
        "由几家机构共同出借，这里只列贵机构的份额",
    )


def test_the_queue_says_what_is_owed_and_finds_the_case_by_the_end_of_the_contract(
    hub: Hub, open_case: OpenCase
) -> None:
    case = open_case(accounts=[], loans=[applications.loan(ICBC)])
    with hub.reading(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        assert row.summary_sealed is not None
        summary = queue_index.summary_of(tx, row.summary_sealed, id_=row.id, version=row.version)
        assert queue_index.find(tx, ICBC, ("contract/80A6",), most=5) == [case.id]
        assert queue_index.find(tx, CMB, ("contract/80A6",), most=5) == []
        assert further_accounts.declared_fen(tx, row) == 835_500
    assert (summary.cards, summary.loans, summary.owed_fen) == ((), ("80A6",), 835_500)


def test_a_correction_speaks_of_the_creditors_own_share(hub: Hub, open_case: OpenCase) -> None:
    together = applications.lenders((ICBC, "70.00"), (CMB, "30.00"))
    consents = [*applications.application(ICBC, CMB)["consents"]]
    case = open_case(accounts=[], loans=[applications.loan(ICBC, co_lenders=together)], consents=consents)
    correction = {"finances": dict(applications.FINANCES), "evidence": []}
    with hub.reading(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        given = _correction({**correction, "loans": [applications.loan(CMB, co_lenders=together)]})
        assert [(fault.pointer, fault.code) for fault in intake.correction_faults(row, given)] == [
            ("/loans/0/co_lenders", "own_share_alone"),
            ("/loans/0/creditor_code", "bank_not_in_negotiation"),
        ]


def test_a_share_that_is_put_right_stays_a_share(hub: Hub, submitted: Submit) -> None:
    together = applications.lenders((ICBC, "70.00"), (CMB, "30.00"))
    told = told_to(hub, submitted(ICBC, CMB, accounts=[], loans=[applications.loan(ICBC, co_lenders=together)]))
    given = _correction(
        {
            "loans": [applications.loan(ICBC, principal_fen=560_000)],
            "finances": dict(applications.FINANCES),
            "evidence": [],
        }
    )
    [loan] = corrected(told[ICBC], given).loans
    assert (loan.principal_fen, loan.is_share) == (560_000, True)


def test_an_unknown_lender_is_named_at_its_place(hub: Hub, banks: dict[str, Bank]) -> None:
    named = References(bank_codes=(("/loans/0/creditor_code", "09999999"),), evidence=())
    with hub.reading(HUB) as tx:
        faults = intake.reference_faults(tx, named, client_id="client")
    assert [(fault.pointer, fault.code) for fault in faults] == [("/loans/0/creditor_code", "creditor_unknown")]


def _correction(body: dict[str, Any]) -> Correction:
    return load_correction(body, today=date(2026, 11, 21)).value_or_refuse()
