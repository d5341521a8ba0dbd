"""Amounts that a machine read in files: where it is on, of what a bank may have, sealed, and gone with the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from hub.documents import ocr
from hub.documents.inspection import Drawing
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain, Unusable
from hub.domain.evidence import EvidenceKind, MediaType
from hub.domain.recognised_amounts import RecognisedAmount
from hub.domain.retention import Periods
from hub.domain.viewing import ViewingPage
from hub.services.consents import withdrawal
from hub.services.documents import person_exports
from hub.services.erasure import requests
from hub.services.evidence import recognising, viewing_copies
from hub.services.evidence.lots import AGAIN_AFTER
from hub.services.evidence.recognising import MOST_PAGES, Recognising, recognise
from hub.services.operating import invariants
from hub.services.reading.bank.desk import desk_view
from hub.services.reading.bank.evidence import look_at
from hub.work.jobs import wake_of, watches_of
from storage import recognised_amounts as stored
from storage.records import RecognisedAmountsRecord
from tests.applications import CMB
from tests.documents.payslips import AMOUNTS, payslip
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.erasure.test_erasing import subject_of

WAGE = RecognisedAmount(label="实发工资", amount_fen=840_000, page=1)
TEXT = "实发工资 8,400.00"


@dataclass
class Reader:
    """Reads from each page what it is told, and remembers the pages."""

    text: str = TEXT
    read: list[bytes] = field(default_factory=list)
    fault: Exception | None = None

    def __call__(self, page: bytes) -> str:
        self.read.append(page)
        if self.fault is not None:
            raise self.fault
        return self.text


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


def send(case: Case, kind: EvidenceKind = EvidenceKind.PAYSLIP, *, pages: int = 1, given: bool = True) -> str:
    """The id of a file whose pages are drawn and wait to be read, given to the bank or not yet."""
    sent = case.upload(kind)
    if given:
        case.write("请看附件", sent)
    case.judge(sent.id)

    def draw(_chunks: Iterable[bytes], _media_type: MediaType) -> Iterator[Drawing]:
        for number in range(pages):
            page = ViewingPage(width=16, height=23, content=payslip() if pages == 1 else b"\xff\xd8\xff %d" % number)
            yield Drawing(reason=None, pages=(page,), count=pages, thumbnail=None)

    viewing_copies.draw_pages(case.hub, case.hub.store, draw, sent.id, wants_amounts=True)
    return sent.id


def read(case: Case, file: str, reader: recognising.ReadPage) -> None:
    recognise(case.hub, case.hub.store, reader, file)


def row_of(case: Case, file: str) -> RecognisedAmountsRecord | None:
    with case.hub.reading(HUB) as tx:
        return stored.find(tx, file)


def kept(case: Case, file: str) -> tuple[RecognisedAmount, ...]:
    with case.hub.reading(HUB) as tx:
        return stored.of_files(tx, [file]).get(file, ())


def shown(case: Case, file: str) -> tuple[RecognisedAmount, ...]:
    """What the viewer shows beside the file, which is what the bank's program is told too."""
    with case.hub.writing(Case.REVIEWER) as tx:
        seen = look_at(tx, case.id, file, number=1, bank_code=case.bank_code).recognised
        told = desk_view(tx, case.id, bank_code=case.bank_code).view["recognised_amounts"]
    assert [each for each in told if each["evidence_id"] == file] == [
        {"evidence_id": file, "page": each.page, "label": each.label, "amount_fen": each.amount_fen} for each in seen
    ]
    return seen


def test_a_real_payslip_is_read_and_shown_beside_itself_to_its_bank_alone(case: Case) -> None:
    file = send(case)
    read(case, file, ocr.read_page)
    assert [(each.label, each.amount_fen) for each in shown(case, file)] == list(AMOUNTS)
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_what_is_kept_is_sealed_and_in_no_entry_of_the_log(case: Case) -> None:
    file = send(case)
    kinds = case.kinds()
    read(case, file, Reader())
    row = row_of(case, file)
    assert row is not None
    assert row.amounts_sealed is not None
    for clear in ("实发工资".encode(), b"840000"):
        assert clear not in row.amounts_sealed
    assert case.kinds() == kinds


def test_a_file_is_read_once_and_no_more_pages_than_are_of_use(case: Case) -> None:
    file, reader = send(case, pages=MOST_PAGES + 3), Reader()
    for _ in range(2):
        read(case, file, reader)
    assert reader.read == [b"\xff\xd8\xff %d" % number for number in range(MOST_PAGES)]


def test_where_nothing_is_recognised_nothing_is_kept_and_it_is_not_read_again(case: Case) -> None:
    file, reader = send(case), Reader(text="姓名：张三")
    for _ in range(2):
        read(case, file, reader)
    row = row_of(case, file)
    assert row is not None
    assert (row.amounts_sealed, len(reader.read)) == (None, 1)
    assert shown(case, file) == ()


@pytest.mark.parametrize("kind", [EvidenceKind.IDENTITY, EvidenceKind.OTHER, EvidenceKind.CREDIT_REPORT])
def test_papers_that_say_nothing_of_the_month_are_not_read(case: Case, kind: EvidenceKind) -> None:
    file, reader = send(case, kind), Reader()
    read(case, file, reader)
    assert reader.read == []
    assert kept(case, file) == ()


def test_what_no_bank_was_given_waits(case: Case) -> None:
    file = send(case, given=False)
    with case.hub.reading(HUB) as tx:
        assert stored.list_waiting(tx, limit=9) == []
    assert row_of(case, file) is not None


@pytest.mark.parametrize("fault", [TryAgain("away"), Unusable("not installed")])
def test_while_nothing_can_read_it_waits_and_holds_up_nobody(case: Case, clock: FixedClock, fault: Exception) -> None:
    file, reader = send(case), Reader(fault=fault)
    recogniser = Recognising(case.hub, case.hub.store, reader, clock)
    assert not recogniser()
    assert kept(case, file) == ()
    reader.fault = None
    assert not recogniser(), "it is left alone for a while"
    clock.at += AGAIN_AFTER * 2
    assert recogniser()
    assert kept(case, file) == (WAGE,)


def test_what_is_taken_back_is_gone_and_is_not_read(case: Case) -> None:
    first, second = send(case), send(case)
    read(case, first, Reader())
    with case.hub.writing(case.cardholder) as tx:
        withdrawal.withdraw(tx, case.id, "share_with_bank", client_id=case.client_id)
    assert kept(case, first) == ()
    reader = Reader()
    for file in (first, second):
        read(case, file, reader)
        assert kept(case, file) == ()
    assert reader.read == []


def test_it_goes_with_the_file(case: Case) -> None:
    file, subject = send(case), subject_of(case)
    read(case, file, Reader())
    case.withdraw()
    with case.hub.writing(case.cardholder) as tx:
        requests.erase_subject(tx, case.client_id, subject, Periods.parse(""))
    case.work_off()
    assert row_of(case, file) is None


def test_the_person_has_it_in_their_export(case: Case) -> None:
    file = send(case)
    read(case, file, Reader())
    with case.hub.writing(case.cardholder) as tx:
        found = person_exports.of_subject(tx, case.client_id, subject_of(case), Periods.parse(""), language="zh")
    files = found.areas["files"]
    assert isinstance(files, list)
    [mine] = [each for each in files if each["id"] == file]
    assert mine["recognised_amounts"] == [{"label": "实发工资", "amount_fen": 840_000, "page": 1}]


def test_another_bank_has_none_of_it(open_case: OpenCase) -> None:
    mine, others = open_case(), open_case(CMB)
    file = send(mine)
    read(mine, file, Reader())
    with others.hub.writing(Case.REVIEWER) as tx:
        assert desk_view(tx, others.id, bank_code=CMB).view["recognised_amounts"] == []


def test_nothing_is_read_unless_it_is_set(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "read" not in watches_of(case.hub)
    monkeypatch.setattr(case.hub, "settings", replace(case.hub.settings, ocr="tesseract"))
    reader = Reader()
    watch, wake = watches_of(case.hub, read_page=reader)["read"], wake_of(case.hub)
    file = send(case)
    assert "read" in wake()
    assert watch.run()
    assert kept(case, file) == (WAGE,)
    assert "read" not in wake()
