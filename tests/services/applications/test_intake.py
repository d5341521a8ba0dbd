"""Intake: one negotiation a bank, split proposals, one open negotiation a person and bank, corrections."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.application import Correction, EvidenceReference
from hub.domain.client import Client
from hub.domain.errors import Fault, NegotiationAlreadyOpen, NotFound, Refused, StatusConflict
from hub.domain.evidence import EvidenceKind
from hub.domain.identity import IdentityLevel
from hub.domain.submission import Submission
from hub.services.applications import intake
from hub.wiring import Hub
from schemas.application import load_application
from storage import negotiations
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests import applications
from tests.applications import CITIC, CITIC_CARDS, CMB, ICBC
from tests.conftest import AddClient, Submit, Submitted
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase


def submissions(hub: Hub, sent: Submitted) -> dict[str, Submission]:
    """What each bank is told, by bank."""
    with hub.reading(HUB) as tx:
        rows = negotiations.list_of_application(tx, sent.id)
        return {row.bank_code: submission_of(tx, row) for row in rows}


def test_each_bank_gets_a_negotiation_with_its_own_accounts_and_consent_alone(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC, CMB, CITIC)
    told = submissions(hub, sent)
    assert set(told) == set(sent.negotiations) == {ICBC, CMB, CITIC}
    for code, submission in told.items():
        assert {each.bank_code for each in submission.accounts} == {code}
        assert [each.bank_code for each in submission.consents if each.bank_code] == [code]


def test_the_split_of_a_proposal_for_all_adds_up_to_the_fen(hub: Hub, submitted: Submit) -> None:
    body = applications.application(ICBC, CMB, CITIC)
    for account, owed in zip(body["accounts"], (1_000_001, 2_000_003, 3_333_333), strict=True):
        account.update(principal_fen=owed, interest_fen=0, penalty_fen=0)
    body["proposal"].update(monthly_payment_fen=100_000, down_payment_fen=99_999)
    sent = submitted(ICBC, CMB, CITIC, accounts=body["accounts"], proposal=body["proposal"])
    proposals = [each.proposal for each in submissions(hub, sent).values()]
    assert sum(each.monthly_payment_fen or 0 for each in proposals) == 100_000
    assert sum(each.down_payment_fen for each in proposals) == 99_999
    assert sorted(each.monthly_payment_fen or 0 for each in proposals) == [15_789, 31_579, 52_632]


def test_a_proposal_of_its_own_for_each_bank_is_not_split(hub: Hub, submitted: Submit) -> None:
    body = applications.application()["proposal"]
    each = {ICBC: 11_111, CMB: 22_222}
    proposals = [{**body, "bank_code": code, "monthly_payment_fen": fen} for code, fen in each.items()]
    changes: dict[str, Any] = {"proposals": proposals, "proposal": None}
    told = submissions(hub, submitted(ICBC, CMB, **changes))
    assert {code: one.proposal.monthly_payment_fen for code, one in told.items()} == each


def test_the_two_codes_of_a_bank_are_one_negotiation(hub: Hub, submitted: Submit) -> None:
    accounts = [
        applications.account(CITIC),
        applications.account(CITIC_CARDS, card_number=applications.card(CITIC_CARDS, 2)),
    ]
    sent = submitted(CITIC, accounts=accounts)
    told = submissions(hub, sent)
    assert list(told) == [CITIC]
    assert [each.bank_code for each in told[CITIC].accounts] == [CITIC, CITIC_CARDS]


def test_a_reference_can_be_said_on_the_phone(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC, CMB)
    with hub.reading(HUB) as tx:
        found = [tx.session.get_one(NegotiationRecord, each).reference for each in sent.negotiations.values()]
    assert len(set(found)) == 2
    for reference in found:
        assert reference.startswith("XS-20261121-")
        assert len(reference.removeprefix("XS-20261121-")) == 6


def test_the_first_entry_holds_the_digest_of_what_was_sent_and_the_files(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    [entry] = case.log()
    assert (entry.header.kind, entry.header.to_status, entry.header.party) == ("submitted", "screening", "cardholder")
    assert [each.kind for each in entry.header.attachments] == ["submission", "evidence"]


# One open negotiation a person and bank.


@pytest.fixture
def first(submitted: Submit) -> Submitted:
    """The open negotiation of a person with ICBC."""
    return submitted(ICBC, applicant=applications.person(7))


def test_a_second_names_the_first_to_its_own_client(hub: Hub, submitted: Submit, first: Submitted) -> None:
    before = everything_stored(hub)
    with pytest.raises(NegotiationAlreadyOpen) as refusal:
        submitted(ICBC, CMB, applicant=applications.person(7), client=first.client, files=0)
    assert (refusal.value.bank_code, refusal.value.negotiation) == (ICBC, first.negotiation)
    assert everything_stored(hub) == before


def test_a_second_of_another_client_is_refused_without_naming_the_first(
    submitted: Submit, first: Submitted, add_client: AddClient
) -> None:
    other, _ = add_client("another host app", "applications:write")
    with pytest.raises(NegotiationAlreadyOpen) as refusal:
        submitted(ICBC, client=other, applicant=applications.person(7, mobile="13900000000", name="王晓明"))
    assert refusal.value.negotiation is None


def test_the_banks_other_code_is_refused_as_well(submitted: Submit) -> None:
    person = applications.person(7)
    submitted(CITIC, applicant=person)
    account = applications.account(CITIC_CARDS)
    with pytest.raises(NegotiationAlreadyOpen):
        submitted(CITIC_CARDS, applicant=person, accounts=[account])


def test_another_person_another_bank_and_an_ended_one_are_free(open_case: OpenCase, submitted: Submit) -> None:
    person = applications.person(7)
    case = open_case(applicant=person)
    submitted(ICBC, applicant=applications.person(8))
    submitted(CMB, applicant=person)
    case.withdraw()
    submitted(ICBC, applicant=person)


def test_an_id_of_another_kind_is_another_person(submitted: Submit) -> None:
    passport = {"id_type": "passport", "id_number": "E12345678"}
    permit = {"id_type": "taiwan_permit", "id_number": "12345678"}
    for each in (passport, permit):
        submitted(ICBC, applicant=applications.person(7, **each))


# Whose mobile the codes that sign go to.

HELPER = {"name": "李雷", "relation": "儿子", "mobile": "13700137000"}
OTHER_MOBILE = applications.person(7, mobile="13900000000")


@pytest.mark.parametrize(("before", "after"), [(None, HELPER), (HELPER, None), (HELPER, HELPER)])
def test_the_mobile_stays_while_somebody_helps_and_anything_is_open(
    hub: Hub, submitted: Submit, before: object, after: object
) -> None:
    submitted(ICBC, applicant=applications.person(7), representative=before)
    stored = everything_stored(hub)
    with pytest.raises(Refused) as refused:
        submitted(CMB, applicant=OTHER_MOBILE, representative=after, files=0)
    assert refused.value.faults == (Fault("/applicant/mobile", "mobile_stays_while_helped"),)
    assert everything_stored(hub) == stored
    submitted(CMB, applicant=applications.person(7), representative=after)


def test_whom_nobody_helps_may_have_a_new_mobile(submitted: Submit) -> None:
    submitted(ICBC, applicant=applications.person(7))
    submitted(CMB, applicant=OTHER_MOBILE)


def test_a_helped_person_may_have_a_new_mobile_once_nothing_is_open(open_case: OpenCase, submitted: Submit) -> None:
    open_case(applicant=applications.person(7), representative=HELPER).withdraw()
    submitted(ICBC, applicant=OTHER_MOBILE, representative=HELPER)


def test_who_has_shown_a_mobile_alone_holds_nobodys_mobile_fast(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC, applicant=applications.person(7), representative=HELPER)
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, sent.negotiation)
        row.identity_level, row.identity_rank = IdentityLevel.MOBILE, IdentityLevel.MOBILE.rank
    submitted(CMB, applicant=OTHER_MOBILE)


# What the face asks before.


def test_unknown_banks_and_others_files_are_named_where_they_stand(
    hub: Hub, submitted: Submit, add_client: AddClient
) -> None:
    theirs = submitted(ICBC).evidence[0]
    other, _ = add_client("another host app", "applications:write")
    body = applications.application(ICBC)
    body["accounts"].append({**body["accounts"][0], "bank_code": "01030000", "card_number": "6228480000000000018"})
    body["evidence"] = [{"id": theirs, "kind": "payslip"}, {"id": "no-such-file", "kind": "payslip"}]
    named = load_application(body, now=hub.clock.now()).references
    with hub.reading(HUB) as tx:
        faults = intake.reference_faults(tx, named, client_id=other.id)
    assert [(each.pointer, each.code) for each in faults if each.code == "evidence_unknown"] == [
        ("/evidence/0/id", "evidence_unknown"),
        ("/evidence/1/id", "evidence_unknown"),
    ]
    assert ("/accounts/1/bank_code", "bank_unknown") in [(each.pointer, each.code) for each in faults]


# Corrections.


@pytest.fixture
def returned(open_case: OpenCase) -> Case:
    """A negotiation that was returned for a file nobody can read."""
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0], "unreadable")
    case.work_off()
    return case


def correction(case: Case, *files: EvidenceReference, **account: Any) -> Correction:
    with case.row() as (tx, row):
        before = submission_of(tx, row)
    accounts = tuple(replace(each, **account) for each in before.accounts)
    return Correction(accounts=accounts, finances=before.finances, evidence=files)


def correct(case: Case, corrected: Correction, client_id: str | None = None) -> None:
    with case.hub.writing(case.cardholder) as tx:
        intake.correct(tx, case.id, corrected, client_id=client_id or case.client_id)


def test_a_correction_is_screened_again_and_keeps_the_old_version(returned: Case) -> None:
    assert [each["code"] for each in returned.view()["faults"]] == ["evidence_unreadable"]
    file = returned.upload(EvidenceKind.PAYSLIP)
    correct(returned, correction(returned, file, principal_fen=1_700_000))
    assert (returned.status, returned.view()["faults"]) == ("screening", None)
    returned.work_off()
    assert returned.status == "awaiting_bank"
    with returned.row() as (tx, row):
        owed = [submission_of(tx, row, version).accounts[0].principal_fen for version in (1, 2)]
        assert (row.version, owed) == (2, [1_850_000, 1_700_000])
        assert submission_of(tx, row).applicant == submission_of(tx, row, 1).applicant


def test_a_correction_of_another_banks_account_is_refused(returned: Case) -> None:
    with pytest.raises(Refused) as refusal:
        correct(returned, correction(returned, bank_code=CMB))
    assert [each.pointer for each in refusal.value.faults] == ["/accounts/0/bank_code"]
    assert returned.status == "returned"


def test_only_a_returned_one_is_corrected_and_only_by_its_client(returned: Case, open_case: OpenCase) -> None:
    with pytest.raises(NotFound):
        correct(returned, correction(returned), client_id="somebody else")
    standing = open_case()
    with pytest.raises(StatusConflict):
        correct(standing, correction(standing))


def test_a_returned_one_lapses_after_thirty_days_and_the_person_is_free_again(returned: Case) -> None:
    returned.at("2026-12-21 09:59")
    assert returned.status == "returned"
    returned.at("2026-12-21 10:00")
    assert (returned.status, returned.kinds()[-1]) == ("lapsed", "correction_lapsed")


def test_a_withdrawn_or_corrected_one_does_not_lapse_later(returned: Case) -> None:
    correct(returned, correction(returned))
    returned.at("2027-02-01 10:00")
    assert returned.status == "awaiting_bank"


def test_a_file_may_be_named_while_it_is_checked_and_is_then_no_longer_removable(
    open_case: OpenCase, work_off: Callable[[], int]
) -> None:
    case = open_case(worked_off=False)
    case.screen()
    assert case.status == "screening"
    work_off()
    assert case.status == "awaiting_bank"


def _cardholder(client: Client) -> Actor:
    return Actor(party=Party.CARDHOLDER, id=f"client/{client.id}", channel=Channel.API)


def test_whoever_submits_is_in_the_log_by_channel_and_side(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC)
    with hub.reading(_cardholder(sent.client)) as tx:
        row = negotiations.get_of_client(tx, sent.negotiation, client_id=sent.client.id)
        assert (row.status, row.log_length) == ("screening", 1)
    with pytest.raises(NotFound), hub.reading(HUB) as tx:
        negotiations.get_of_client(tx, sent.negotiation, client_id="somebody else")
