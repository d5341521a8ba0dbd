"""The certificate of settlement: when it may be asked for, when it is due, what a bank issues, and what is late."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.errors import AgreementConflict, NotFound, StatusConflict
from hub.domain.plain import Plain
from hub.domain.terms import Kind, Terms
from hub.services.agreements import clearance_papers, clearances
from hub.services.documents import records
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import StoredEvidence, Upload
from hub.services.operating import operator_tasks, task_causes
from storage import documents
from tests import applications
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.agreements.amending import Amending
from tests.services.case import Case
from tests.services.conftest import OpenCase

# Asked on Saturday 2026-11-21: the working days after it are 23 to 27 November, then 30 November and 1 December.
DUE = "2026-12-01T18:00:00+08:00"
NOW = "2026-11-21T10:00:00+08:00"


def pay_all(case: Case) -> None:
    case.pay(1, sum(row["total_fen"] for row in case.view()["agreement"]["payments"]))


def ask(case: Case) -> Plain:
    with case.hub.writing(case.cardholder) as tx:
        clearances.ask(tx, case.id, client_id=case.client_id)
        return clearances.view(tx, case.id)


def received(case: Case, content: bytes) -> StoredEvidence:
    left = [content, b""]
    upload = Upload(
        client_id=case.client_id,
        subject=None,
        kind="clearance",
        file_name="结清证明.pdf",
        declared_type=None,
        length=len(content),
    )
    return evidence_files.receive(case.hub.store, upload, lambda _: left.pop(0) if left else b"")


def issue(case: Case, text: str = "", *, content: bytes | None = None) -> Plain:
    stored = None if content is None else received(case, content)
    with case.hub.writing(case.REVIEWER) as tx:
        clearances.issue(tx, case.id, text, file=stored, bank_code=case.bank_code)
        return clearances.view(tx, case.id)


def shown(case: Case) -> Plain:
    with case.hub.reading(case.cardholder) as tx:
        return clearances.view(tx, case.id)


def test_before_everything_is_paid_none_is_asked_for(agreed: Case) -> None:
    entries = len(agreed.log())
    for deed in (ask, issue):
        with pytest.raises(AgreementConflict) as refused:
            deed(agreed)
        assert (refused.value.code, refused.value.params) == ("rows_open", {"rows": 36})
    assert len(agreed.log()) == entries
    assert shown(agreed) == dict.fromkeys(("asked_at", "due_at", "issued_at", "document"))
    assert agreed.view()["agreement"]["clearance"] is None


def test_asked_for_once_all_is_paid_it_is_due_in_seven_working_days(agreed: Case) -> None:
    pay_all(agreed)
    asked = {"asked_at": NOW, "due_at": DUE, "issued_at": None, "document": None}
    assert ask(agreed) == asked
    agreed.at("2026-11-24 10:00")
    assert ask(agreed) == asked
    assert agreed.view()["agreement"]["clearance"] == asked
    assert agreed.kinds().count("clearance_asked") == 1
    assert "2026-12-01 18:00" in str(agreed.log()[-1].text)
    assert [mail.kind for mail in agreed.mails("clearance_asked")] == ["clearance_asked"]
    [reminder] = agreed.mails("clearance_due")
    assert reminder.not_before.isoformat().startswith("2026-11-30T00:45")


def test_a_settlement_makes_one_due_without_being_asked_for(agreed: Case) -> None:
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    assert shown(agreed) == {"asked_at": None, "due_at": DUE, "issued_at": None, "document": None}
    assert agreed.kinds().count("clearance_opened") == 1
    assert ask(agreed)["asked_at"] == NOW
    assert ask(agreed)["due_at"] == DUE


@pytest.mark.parametrize("reason", [EndReason.REPLACED, EndReason.DEFAULTED])
def test_what_ended_otherwise_has_none(agreed: Case, reason: EndReason) -> None:
    agreed.at("2027-01-24 10:00")
    for number in (1, 2):
        agreed.miss(number)
    agreed.end(reason, "说明。")
    for deed in (ask, issue):
        with pytest.raises(StatusConflict):
            deed(agreed)
    assert agreed.view()["agreement"]["clearance"] is None


def test_a_lowered_minimum_settles_nothing(open_case: OpenCase) -> None:
    case = open_case()
    terms = Terms(
        kind=Kind.LOWER_MINIMUM,
        principal_fen=1_850_000,
        first_due_on=date(2026, 12, 20),
        minimum_percent=Decimal("2.00"),
        annual_rate_percent=Decimal("18.25"),
        months=6,
    )
    case.accept(case.offer(terms))
    case.end(EndReason.SETTLED, "不再要求。", waive_rest=True)
    with pytest.raises(AgreementConflict, match="nothing_to_settle"):
        ask(case)
    assert case.view()["agreement"]["clearance"] is None


def test_without_an_agreement_there_is_nothing_to_ask_for(open_case: OpenCase) -> None:
    case = open_case()
    with pytest.raises(StatusConflict):
        ask(case)
    with pytest.raises(NotFound):
        shown(case)


def test_the_banks_own_paper_is_there_at_once_and_settles_what_is_all_paid(agreed: Case) -> None:
    pay_all(agreed)
    ask(agreed)
    found = issue(agreed, content=applications.pdf())
    assert (found["issued_at"], found["document"]["sha256"]) == (NOW, shown(agreed)["document"]["sha256"])
    assert agreed.view()["agreement"]["end_reason"] == "settled"
    last = agreed.log()[-1]
    assert (last.header.kind, last.header.attachments[0].sha256) == ("clearance_issued", found["document"]["sha256"])
    assert len(agreed.mails("clearance_issued")) == 1
    assert "clearance_opened" not in agreed.kinds()


def test_the_hub_prints_one_for_a_bank_without(agreed: Case) -> None:
    agreed.pay(1, 100_000)
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    left = sum(row["total_fen"] for row in agreed.view()["agreement"]["payments"]) - 100_000
    assert issue(agreed, "特此说明。")["document"] is None
    pages: list[str] = []

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    for _ in range(2):
        clearance_papers.print_clearance(agreed.hub, printer, agreed.hub.store, agreed.id)
    [page] = pages
    for said in ("结清证明", "人民币 1,000.00 元", f"{left / 100:,.2f} 元由本行减免", "特此说明。", "未加盖实物印章"):
        assert said in page, said
    assert "补充协议" not in page
    printed = agreed.log()[-1].header
    assert (printed.kind, printed.attachments[0].kind) == ("document_printed", "clearance")
    assert shown(agreed)["document"]["sha256"] == printed.attachments[0].sha256
    assert len(agreed.mails("clearance_issued")) == 1


def test_a_printed_one_names_the_supplement_by_which_less_was_paid(agreed: Case) -> None:
    amending = Amending(case=agreed)
    amending.settling()
    agreed.pay(1, 1_853_000)
    agreement = amending.agreement
    assert agreement["end_reason"] == "settled"
    issue(agreed)
    pages: list[str] = []

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    clearance_papers.print_clearance(agreed.hub, printer, agreed.hub.store, agreed.id)
    supplement = f"提前结清补充协议 {agreement['number']}-01，2026 年 11 月 21 日 10:00:00 签署"
    for said in (supplement, "人民币 18,530.00 元", "按上述协议和补充协议应当归还"):
        assert said in pages[0], said


def test_a_wrong_one_is_replaced_and_kept(agreed: Case) -> None:
    pay_all(agreed)
    first = issue(agreed, content=applications.pdf("one"))["document"]["sha256"]
    second = issue(agreed, "更正姓名。", content=applications.pdf("two"))["document"]["sha256"]
    assert first != second
    assert agreed.kinds()[-1] == "clearance_reissued"
    assert len(agreed.mails("clearance_issued")) == 2
    with agreed.row() as (tx, row):
        kept = {each.sha256: each.id for each in documents.list_all(tx, row.id) if each.kind == documents.CLEARANCE}
        gathered = records.gather(tx, agreed.hub.store, row)
    out = io.BytesIO()
    gathered.write(out)
    with zipfile.ZipFile(out) as packed:
        assert {"clearance.pdf", f"earlier-documents/{kept[first]}.pdf"} <= set(packed.namelist())
    # While a printed one is on its way, the one before is no longer shown as the newest.
    assert issue(agreed)["document"] is None


def test_one_that_is_late_is_told_and_ends_as_a_task_once_it_is_there(agreed: Case) -> None:
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    agreed.at("2026-12-01 18:00")
    assert "clearance_late" not in agreed.kinds()
    for _ in range(2):
        agreed.at("2026-12-01 18:01")
    assert agreed.kinds().count("clearance_late") == 1
    assert {mail.reader for mail in agreed.mails("clearance_late")} == {"desk", "supervisors"}
    with agreed.hub.reading(HUB) as tx:
        assert [each.kind for each in operator_tasks.open_tasks(tx)] == ["clearance_late"]
    issue(agreed)
    task_causes.look(agreed.hub)
    with agreed.hub.reading(HUB) as tx:
        assert operator_tasks.open_tasks(tx) == []


def test_one_that_lost_its_print_job_is_printed_all_the_same(agreed: Case) -> None:
    pay_all(agreed)
    issue(agreed)
    agreed.at("2026-11-21 10:03")
    with agreed.hub.reading(HUB) as tx:
        assert clearance_papers.jobs_unprinted(tx) == []
    assert shown(agreed)["document"] is not None


def test_a_banks_system_is_asked_by_a_message(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    case.accept(case.offer())
    pay_all(case)
    ask(case)
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "negotiation.message"]
    assert f'"clearance":{{"agreement":"{case.view()["agreement"]["number"]}","due_at":"{DUE}"}}' in told.body.decode()
