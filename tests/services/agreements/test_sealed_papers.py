"""Papers of agreements are sealed as they are printed, say so only then, and wait a while for their time stamps."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from hub.documents import verify
from hub.documents.pades import PadesSigner
from hub.documents.paper_seal import PaperSigner
from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.errors import TryAgain
from hub.domain.log_chain import Attachment
from hub.services.agreements import acceptance, amendment_printing, clearance_papers, clearances, default_notices
from hub.services.documents import records
from hub.services.documents.papers import STAMP_WAIT, UNPRINTED_AFTER
from hub.services.operating import operator_tasks
from storage import documents
from tests import applications
from tests.documents.seals import NOW, new_authority, pdfsig
from tests.documents.time_stamps import stamping
from tests.services.agreements.amending import EARLY, Amending
from tests.services.case import Case

SEALED = "本文件由平台以电子签名签章"
VALID = "Signature Validation: Signature is Valid."


class AwayAuthority:
    """A time stamp authority that never answers, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, query: bytes) -> bytes:
        self.asked += 1
        raise TryAgain("nobody there")


@dataclass
class Press:
    """A printer that keeps the pages, and what they are sealed with."""

    signer: PaperSigner | None
    pages: list[str] = field(default_factory=list)

    def __call__(self, html: str) -> bytes:
        self.pages.append(html)
        return applications.pdf()

    def agreement(self, case: Case) -> None:
        acceptance.print_agreement(case.hub, self, case.hub.store, case.id, self.signer)


@pytest.fixture
def press() -> Press:
    return Press(PadesSigner(new_authority().issue("某某协商平台签章"), now=lambda: NOW))


@pytest.fixture
def accepted(case: Case) -> Case:
    """An agreement was signed, and its paper is not printed."""
    case.accept(case.offer())
    return case


def stored(case: Case, kind: str) -> bytes:
    with case.row() as (tx, row):
        found = documents.find_document(tx, row.id, kind)
        assert found is not None
        return b"".join(case.hub.store.read(found.store_name, documents.key_of(tx, found), found.size))


def logged(case: Case, kind: str) -> list[Attachment]:
    return [each for entry in case.log() for each in entry.header.attachments if each.kind == kind]


def tasks(case: Case) -> list[str]:
    with case.hub.reading(HUB) as tx:
        return [each.kind for each in operator_tasks.open_tasks(tx)]


def _agreement(case: Case, press: Press) -> str:
    press.agreement(case)
    return documents.AGREEMENT


def _amendment(case: Case, press: Press) -> str:
    amending = Amending(case=case)
    amendment_id = amending.quoted()
    assert amending.sign(amendment_id, EARLY) is None
    amendment_printing.print_amendment(case.hub, press, case.hub.store, amendment_id, press.signer)
    return documents.AMENDMENT


def _default_notice(case: Case, press: Press) -> str:
    case.at("2027-01-24 10:00")
    for number in (1, 2):
        case.miss(number)
    case.end(EndReason.DEFAULTED, "连续两期未还，多次联系未获答复。")
    default_notices.print_default_notice(case.hub, press, case.hub.store, case.id, press.signer)
    return documents.DEFAULT_NOTICE


def _clearance(case: Case, press: Press) -> str:
    case.pay(1, sum(row["total_fen"] for row in case.view()["agreement"]["payments"]))
    with case.hub.writing(case.REVIEWER) as tx:
        clearances.issue(tx, case.id, "", file=None, bank_code=case.bank_code)
    clearance_papers.print_clearance(case.hub, press, case.hub.store, case.id, press.signer)
    return documents.CLEARANCE


@pytest.mark.parametrize("made", [_agreement, _amendment, _default_notice, _clearance])
def test_each_paper_is_sealed_says_so_and_is_in_the_log_as_sealed(
    accepted: Case, press: Press, made: Callable[[Case, Press], str], tmp_path: Path
) -> None:
    kind = made(accepted, press)
    page = press.pages[-1]
    assert press.signer is not None
    seal = press.signer.seal
    for said in (SEALED, "不代替发卡银行或持卡人的签名、盖章", seal.subject, seal.serial):
        assert said in page, said
    assert "未经电子认证服务机构认证" not in page
    pdf = stored(accepted, kind)
    assert VALID in pdfsig(pdf, tmp_path)
    [attached] = logged(accepted, kind)
    assert (attached.size, attached.sha256) == (len(pdf), hashlib.sha256(pdf).hexdigest())


def test_without_a_key_no_paper_speaks_of_a_seal(accepted: Case, tmp_path: Path) -> None:
    press = Press(None)
    for made in (_agreement, _amendment, _default_notice):
        kind = made(accepted, press)
        assert "签章" not in press.pages[-1]
        assert "does not contain any signatures" in pdfsig(stored(accepted, kind), tmp_path)


def test_a_paper_that_is_printed_stays_as_it_was_sealed(accepted: Case, press: Press) -> None:
    press.agreement(accepted)
    first = stored(accepted, documents.AGREEMENT)
    press.agreement(accepted)
    later = Press(PadesSigner(new_authority().issue(), now=lambda: NOW))
    later.agreement(accepted)
    assert (len(press.pages), later.pages) == (1, [])
    assert stored(accepted, documents.AGREEMENT) == first
    assert len(logged(accepted, documents.AGREEMENT)) == 1


def test_what_cannot_be_sealed_is_not_kept(accepted: Case, press: Press) -> None:
    press.signer = PadesSigner(new_authority().issue(), now=lambda: NOW)
    with pytest.raises(Exception, match="cannot be signed"):
        acceptance.print_agreement(accepted.hub, lambda _: b"no PDF", accepted.hub.store, accepted.id, press.signer)
    assert logged(accepted, documents.AGREEMENT) == []
    press.agreement(accepted)
    assert len(logged(accepted, documents.AGREEMENT)) == 1


def test_a_paper_waits_for_its_time_stamp_and_then_goes_without(accepted: Case, tmp_path: Path) -> None:
    away = AwayAuthority()
    press = Press(PadesSigner(new_authority().issue(), now=lambda: NOW, authority=away))
    accepted.clock.at += STAMP_WAIT - timedelta(seconds=1)
    with pytest.raises(TryAgain):
        press.agreement(accepted)
    assert logged(accepted, documents.AGREEMENT) == []
    assert tasks(accepted) == []
    accepted.clock.at += timedelta(seconds=1)
    press.agreement(accepted)
    assert VALID in pdfsig(stored(accepted, documents.AGREEMENT), tmp_path)
    assert tasks(accepted) == ["paper_unstamped"]
    assert away.asked == 2
    # It says nothing of a stamp, with one or without.
    assert "时间戳" not in press.pages[-1]


def test_the_worker_seals_with_the_hubs_own_key_and_the_record_holds_what_was_sealed(
    agreed: Case, tmp_path: Path
) -> None:
    pdf = stored(agreed, documents.AGREEMENT)
    said = pdfsig(pdf, tmp_path)
    assert VALID in said
    assert "CN=协商还款平台（演示，自签名）" in said
    path = tmp_path / "record.zip"
    with agreed.row() as (tx, row):
        gathered = records.gather(tx, agreed.hub.store, row)
    with path.open("wb") as file:
        gathered.write(file)
    with ZipFile(path) as packed:
        assert packed.read("agreement.pdf") == pdf
    assert verify.main([str(path)]) == 0


def test_the_sweep_prints_what_waited_for_a_stamp(case: Case, tmp_path: Path) -> None:
    # Nobody listens at the port of a server that is gone.
    with stamping(new_authority()) as gone:
        pass
    case.hub.settings = replace(case.hub.settings, tsa_url=gone.url)
    case.accept(case.offer())
    for _ in range(4):
        case.work_off()
        assert logged(case, documents.AGREEMENT) == []
        case.clock.at += UNPRINTED_AFTER + timedelta(seconds=31)
        with case.hub.writing(HUB) as tx:
            for job in acceptance.jobs_unprinted(tx):
                tx.jobs.enqueue(tx.session, job)
    case.work_off()
    assert VALID in pdfsig(stored(case, documents.AGREEMENT), tmp_path)
    assert tasks(case) == ["paper_unstamped"]
