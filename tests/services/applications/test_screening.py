"""Screening: each bank's negotiation alone, returned only for what nobody can act on."""

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import StoreFull
from hub.domain.evidence import EvidenceKind, FileRejectionReason
from hub.jobs.port import Job
from hub.services.applications import screening
from hub.services.delivery.packets import packet_of
from hub.services.negotiations.entries import FAULT_WORDS
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import documents, evidence, given_evidence, negotiations
from storage.claims import Claim
from tests import applications
from tests.applications import CITIC, CITIC_CARDS, CMB, ICBC
from tests.conftest import Submit
from tests.jobs.draining import run_waiting
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.mark.parametrize("reason", list(FileRejectionReason))
def test_a_rejected_file_returns_it_and_names_the_file(open_case: OpenCase, reason: FileRejectionReason) -> None:
    case = open_case(worked_off=False)
    [file] = case.sent.evidence
    case.judge(file, reason)
    case.work_off()
    assert (case.status, case.view()["faults"]) == ("returned", [{"code": f"evidence_{reason}", "evidence": file}])
    assert FAULT_WORDS[f"evidence_{reason}"] in str(case.log()[-1].text)


def test_the_same_card_under_both_codes_of_a_bank_contradicts_itself(open_case: OpenCase) -> None:
    card = applications.card(CITIC)
    accounts = [applications.account(CITIC), applications.account(CITIC_CARDS, card_number=card, principal_fen=1)]
    case = open_case(CITIC, accounts=accounts)
    faults = case.view()["faults"]
    assert (case.status, faults) == ("returned", [{"code": "card_listed_twice", "card_last4": card[-4:]}])


def test_missing_papers_are_a_note_to_the_bank_and_no_reason_to_return(open_case: OpenCase) -> None:
    case = open_case(files=0)
    assert case.status == "awaiting_bank"
    with case.row() as (tx, row):
        assert packet_of(tx, row)["missing_papers"] == ["illness", "income"]


def test_it_waits_for_every_verdict_and_goes_on_with_the_last(open_case: OpenCase) -> None:
    case = open_case(worked_off=False, files=2)
    first, second = case.sent.evidence
    case.screen()
    case.judge(first)
    case.screen()
    assert case.status == "screening"
    case.judge(second)
    case.work_off()
    assert case.status == "awaiting_bank"


def test_the_form_is_printed_into_the_store_and_its_digest_into_the_log(open_case: OpenCase) -> None:
    case = open_case()
    with case.row() as (tx, _):
        form = documents.find_document(tx, case.id, documents.APPLICATION_FORM)
    assert form is not None
    [screened] = [entry.header for entry in case.log() if entry.header.kind == "screened"]
    assert screened.attachments[0].sha256 == form.sha256
    # Of a plain file there is nothing to tell but the digests of what the bank gets and sees.
    assert [each.kind for each in screened.attachments[1:]] == ["clean_copy", "viewing_pages"]


def test_nothing_is_written_where_the_store_is_full(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])

    def full(*_: object, **__: object) -> None:
        raise StoreFull

    monkeypatch.setattr(case.hub.store, "write", full)
    with pytest.raises(StoreFull):
        case.screen()
    assert (case.status, case.kinds()) == ("screening", ["submitted"])


@pytest.mark.parametrize("meanwhile", ["withdraw", "screen"])
def test_what_happens_while_the_form_is_printed_is_not_undone(open_case: OpenCase, meanwhile: str) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])

    def printer(_html: str) -> bytes:
        getattr(case, meanwhile)()
        return applications.pdf()

    screening.screen_negotiation(case.hub, printer, case.hub.store, case.id)
    expected = {
        "withdraw": ["submitted", "withdrawn"],
        "screen": ["submitted", "screened", "delivered", "clock_opened"],
    }
    assert case.kinds() == expected[meanwhile]


def test_a_form_that_is_being_printed_is_printed_by_no_other(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])
    claim = Claim(claims=case.hub.claims, what="form")
    printed: list[str] = []

    def printer(html: str) -> bytes:
        printed.append(html)
        assert case.hub.claims.take("form", [f"{case.id}:1"], 1) == []
        screening.after_verdict(case.hub, printer, case.hub.store, case.sent.id, claim=claim)
        return applications.pdf()

    screening.screen_negotiation(case.hub, printer, case.hub.store, case.id, claim=claim)
    assert (len(printed), case.status) == (1, "awaiting_bank")
    # Once it is passed on nobody has it in hand, and there is nothing to print.
    screening.after_verdict(case.hub, printer, case.hub.store, case.sent.id, claim=claim)
    assert len(printed) == 1
    assert case.hub.claims.take("form", [f"{case.id}:1"], 1) == [f"{case.id}:1"]
    case.hub.claims.give_back("form", [f"{case.id}:1"])


def test_a_form_that_could_not_be_printed_is_anybodys(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])
    claim = Claim(claims=case.hub.claims, what="form")

    def broken(_html: str) -> bytes:
        raise StoreFull

    with pytest.raises(StoreFull):
        screening.screen_negotiation(case.hub, broken, case.hub.store, case.id, claim=claim)
    screening.screen_negotiation(case.hub, lambda _: applications.pdf(), case.hub.store, case.id, claim=claim)
    assert case.status == "awaiting_bank"


def test_one_banks_negotiation_that_cannot_be_screened_holds_up_no_other(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC, CMB, files=0)
    printed: list[str] = []

    def printer(html: str) -> bytes:
        printed.append(html)
        if len(printed) == 1:
            raise StoreFull
        return applications.pdf()

    with pytest.raises(StoreFull):
        screening.screen_application(hub, printer, hub.store, sent.id)
    with hub.reading(HUB) as tx:
        statuses = [record.status for record in negotiations.list_of_application(tx, sent.id)]
    assert statuses == ["screening", "delivering"]


def test_a_file_that_came_with_a_message_does_not_return_it(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    file = case.upload()
    case.write("还有一份流水", file)
    case.judge(file.id, "unreadable")
    case.work_off()
    assert (case.status, case.view()["faults"]) == ("awaiting_bank", None)


def test_a_packet_has_the_clean_files_with_where_to_fetch_them(open_case: OpenCase) -> None:
    case = open_case()
    with case.row() as (tx, row):
        packet = packet_of(tx, row)
    [file] = packet["evidence"]
    assert (file["id"], file["kind"], file["file_name"]) == (case.sent.evidence[0], "payslip", "工资单.pdf")
    assert file["url"] == f"http://127.0.0.1:8000/api/v1/bank/negotiations/{case.id}/evidence/{file['id']}"
    assert packet["accounts"][0]["card_number"] == applications.card(ICBC)
    assert len(packet["applicant"]["id_number"]) == 18


def test_the_kind_named_in_the_application_overrules_the_uploads(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    with case.row() as (tx, row):
        [(given, record)] = given_evidence.list_given(tx, row)
        assert (given.kind, evidence.kind_of(tx, record)) == ("payslip", "payslip")
    file = case.upload(EvidenceKind.OTHER)
    case.write("", file.__class__(id=file.id, kind=EvidenceKind.INCOME_PROOF))
    with case.row() as (tx, row):
        assert [given.kind for given, _ in given_evidence.list_given(tx, row)] == ["payslip", "income_proof"]


def test_a_negotiation_whose_job_was_lost_is_found_and_screened(open_case: OpenCase) -> None:
    case: Case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])
    with case.hub.reading(case.cardholder) as tx:
        assert screening.jobs_stuck(tx, limit=10) == []
    case.clock.at += timedelta(minutes=3)
    with case.hub.reading(case.cardholder) as tx:
        assert [job.argument for job in screening.jobs_stuck(tx, limit=10)] == [case.id]
        assert negotiations.get_of_client(tx, case.id, client_id=case.client_id).status == "screening"


@pytest.mark.parametrize("named", ["application", "negotiation"])
def test_a_job_that_an_earlier_version_queued_is_done(open_case: OpenCase, named: str) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0])
    run_waiting(case.hub.database.engine, dict.fromkeys(jobs_of(case.hub), lambda _: None))
    argument = case.sent.id if named == "application" else case.id
    with case.hub.writing(HUB) as tx:
        old = Job(name="screen", key=f"screen:{argument}:stuck:1", argument=argument, queue="documents")
        tx.jobs.enqueue(tx.session, old)
    assert case.status == "screening"
    case.work_off()
    assert case.status == "awaiting_bank"
