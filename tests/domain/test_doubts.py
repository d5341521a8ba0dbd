"""Rules of doubts, as tables: what is a hint, and what is not."""

import pytest

from hub.domain.affordability import Finances, IncomeKind, IncomeLine
from hub.domain.doubts import (
    COMPARED_DAYS,
    MANY_PEOPLE,
    OF_TRACE,
    Doubt,
    DoubtKind,
    TraceSort,
    block_of,
    of_many,
    of_origin,
    of_sums,
)
from hub.domain.evidence import EvidenceKind
from hub.domain.evidenced_figures import compare
from hub.domain.pdf_origin import PHRASES, PdfEditor, PdfOrigin, editor_named_in
from hub.domain.retention import TRACES_KEPT_DAYS

STATEMENT, BILL = EvidenceKind.BANK_STATEMENT, EvidenceKind.MEDICAL_BILL
HOUR = 3600


@pytest.mark.parametrize(
    ("origin", "kind", "was_signed", "hint"),
    [
        (PdfOrigin(), STATEMENT, False, None),
        (PdfOrigin(modified_after_s=0), STATEMENT, False, None),
        (PdfOrigin(modified_after_s=599), STATEMENT, False, None),
        (PdfOrigin(modified_after_s=600), STATEMENT, False, DoubtKind.CHANGED_PDF),
        (PdfOrigin(updates=1), STATEMENT, False, DoubtKind.CHANGED_PDF),
        (PdfOrigin(updates=1), STATEMENT, True, None),
        (PdfOrigin(modified_after_s=HOUR), STATEMENT, True, None),
        (PdfOrigin(updates=1), BILL, False, None),
        (PdfOrigin(modified_after_s=HOUR), BILL, False, None),
        (PdfOrigin(editor=PdfEditor.PHOTOSHOP), BILL, False, DoubtKind.EDITED_PDF),
        (PdfOrigin(editor=PdfEditor.PHOTOSHOP, updates=3), STATEMENT, True, DoubtKind.EDITED_PDF),
    ],
)
def test_what_a_pdf_says_of_its_making(
    origin: PdfOrigin, kind: EvidenceKind, was_signed: bool, hint: DoubtKind | None
) -> None:
    found = of_origin(origin, kind, evidence_id="file", was_signed=was_signed)
    assert (None if found is None else found.kind) == hint
    if found is not None and hint is DoubtKind.EDITED_PDF:
        assert found.facts == {"editor": "Adobe Photoshop"}


@pytest.mark.parametrize("editor", PdfEditor)
def test_each_editor_is_known_by_each_of_its_phrases(editor: PdfEditor) -> None:
    for phrase in PHRASES[editor]:
        assert editor_named_in("", f"{phrase.upper()} 12.1 (Windows)") == editor


@pytest.mark.parametrize(
    "written",
    [
        "Microsoft® Word 2019",
        "WPS 文字",
        "LibreOffice 7.5",
        "iOS Version 17.4 (Build 21E219) Quartz PDFContext",
        "Acrobat Distiller 11.0 (Windows)",
        "iText® 5.5.13 ©2000-2018 iText Group NV",
        "Skia/PDF m120",
        "",
    ],
)
def test_programs_that_write_papers_are_no_editors(written: str) -> None:
    assert editor_named_in(written) is None


def month(wage_fen: int) -> Finances:
    return Finances(
        monthly_income_fen=wage_fen,
        monthly_essential_spending_fen=0,
        other_debt_payments_fen=0,
        dependants=0,
        income=(IncomeLine(kind=IncomeKind.WAGE, amount_fen=wage_fen),),
    )


@pytest.mark.parametrize(
    ("declared_fen", "read", "is_hint"),
    [
        (500_000, {}, False),
        (500_000, {"spending": 900_000}, False),
        (500_000, {"income.wage": 500_000}, False),
        (500_000, {"income.wage": 599_999}, False),
        (500_000, {"income.wage": 600_000}, True),
        (500_000, {"income.wage": 400_000}, True),
        (500_000, {"income.other": 100_000}, True),
        (100_000, {"income.wage": 149_999}, False),
        (100_000, {"income.wage": 150_000}, True),
        (0, {"income.wage": 50_000}, True),
    ],
)
def test_papers_that_show_another_income(declared_fen: int, read: dict[str, int], is_hint: bool) -> None:
    found = of_sums(compare(month(declared_fen), read))
    assert (found is not None) == is_hint
    if found is not None:
        assert found.facts["declared_fen"] == declared_fen


@pytest.mark.parametrize("sort", TraceSort)
@pytest.mark.parametrize("people", [0, 1, MANY_PEOPLE - 1, MANY_PEOPLE, 500])
def test_many_people_from_one_place(sort: TraceSort, people: int) -> None:
    hint = Doubt(kind=OF_TRACE[sort], facts={"people": MANY_PEOPLE, "days": COMPARED_DAYS})
    assert of_many(sort, people) == (hint if people >= MANY_PEOPLE else None)


def test_numbers_of_one_block() -> None:
    assert block_of("13800001200") == block_of("13800001299") != block_of("13800001300")


def test_what_is_compared_for_a_month_is_kept_for_a_month() -> None:
    assert TRACES_KEPT_DAYS == COMPARED_DAYS
