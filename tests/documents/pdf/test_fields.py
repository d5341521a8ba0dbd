"""What was typed into a form is seen on the clean copy, whichever program was to draw it."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from hub.documents.pdf import cleaning, fields
from tests.documents.files import searching
from tests.documents.files.pdf_making import Object, annotation, field, form, one_page, shown_as, written

PLACE = (60, 500, 260, 560)
MULTILINE, PASSWORD, PUSH_BUTTON = 1 << 12, 1 << 13, 1 << 16
LONG = "因病住院，收入减少，希望每月还款八百元。" * 30


def ink(data: bytes, place: tuple[int, int, int, int] = PLACE) -> int:
    """How many dark pixels the clean copy has there, at one a point."""
    content = cleaning.clean(data).content
    assert searching.faults_of_pdf(content) == []
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].render().to_pil().convert("L")
    left, bottom, right, top = place
    return sum(page.crop((left, 842 - top, right, 842 - bottom)).histogram()[:128])


def page_with(make: Callable[[Pdf, Object], object], *, asks: bool = True) -> bytes:
    with one_page("") as (document, page):
        make(document, page)
        if asks and "/AcroForm" in document.Root:
            document.Root.AcroForm.NeedAppearances = True
        return written(document)


def typed(kind: str = "Tx", **fields: Any) -> Callable[[Pdf, Object], object]:
    return lambda document, page: field(document, page, kind, **fields)


def above(document: Pdf, page: Object) -> None:
    """A field whose value stands above the part that is seen."""
    parent = document.make_indirect(Dictionary(FT=Name.Tx, V=String("6200.00"), T=String("x")))
    annotation(document, page, "Widget", Parent=parent)
    document.Root.AcroForm = Dictionary(Fields=Array([parent]))


def with_itself_above(document: Pdf, page: Object) -> None:
    held = annotation(document, page, "Widget")
    held.Parent = held
    document.Root.AcroForm = Dictionary(Fields=Array([held]))


CHOICES = Array([Array([String("m"), String("每月")]), Array([String("y"), String("每年")])])


@pytest.mark.parametrize(
    "make",
    [
        typed(V=String("6200.00")),
        typed(V=String("张三")),
        typed(V=String(LONG), Ff=MULTILINE),
        typed(V=String(LONG)),
        typed(V=String("secret"), Ff=PASSWORD),
        typed(V=String("6200.00"), DA=String("/Helv 900000 Tf")),
        typed(V=String("6200.00"), DA=String("/Helv 1.2.3 Tf")),
        typed("Ch", V=String("m"), Opt=CHOICES),
        typed("Ch", V=Array([String("m"), String("y")]), Opt=CHOICES),
        typed("Btn", V=Name.Yes, AS=Name.Yes),
        typed("Btn", V=Name.Yes),
        above,
        lambda document, page: annotation(document, page, "FreeText", Contents=String("备注"), DA=String("/H 12 Tf")),
        lambda document, page: field(document, page, V=document.make_stream("六千二百元".encode())),
    ],
)
@pytest.mark.parametrize("asks", [True, False])
def test_what_was_typed_is_seen(make: Callable[[Pdf, Object], object], asks: bool) -> None:
    assert ink(page_with(make, asks=asks)) > 20


@pytest.mark.parametrize(
    "make",
    [
        typed(),
        typed(V=String("")),
        typed(V=String("\x00\x01\u200b")),
        typed(V=7),
        typed(V=String("6200.00"), F=2),
        typed("Btn", V=Name.Off, AS=Name.Off),
        typed("Btn", V=Name.Yes, Ff=PUSH_BUTTON),
        typed("Sig", V=String("6200.00")),
        typed(V=String("6200.00"), Rect=Array([60, 500, 60, 500])),
        with_itself_above,
    ],
)
def test_where_nothing_was_typed_nothing_is_seen(make: Callable[[Pdf, Object], object]) -> None:
    assert ink(page_with(make)) == 0


def test_what_was_typed_goes_before_an_older_drawing_where_the_form_says_so() -> None:
    def changed(document: Pdf, page: Object) -> None:
        field(document, page, V=String(""), AP=shown_as(document, "6200.00"))

    assert ink(page_with(changed, asks=True)) == 0
    assert ink(page_with(changed, asks=False)) > 20


def test_a_button_keeps_its_own_drawing() -> None:
    def pressed(document: Pdf, page: Object) -> None:
        look = form(document, "0 g 0 0 200 60 re f", (0, 0, 200, 60))
        field(document, page, "Btn", V=Name.Yes, AS=Name.Yes, AP=Dictionary(N=Dictionary(Yes=look)))

    assert ink(page_with(pressed)) == 200 * 60


def test_it_stays_within_its_field() -> None:
    data = page_with(typed(V=String(LONG), Ff=MULTILINE))
    assert ink(data, (0, 0, 595, 842)) == ink(data)


def test_letters_are_seen_without_a_chinese_font_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "chinese_font", lambda: None)
    fields._font.cache_clear()
    try:
        assert ink(page_with(typed(V=String("6200.00")))) > 20
    finally:
        fields._font.cache_clear()


def test_a_field_on_a_sheet_that_no_reader_shows_is_drawn_small() -> None:
    data = page_with(typed(V=String("6200.00"), Rect=Array([0, 0, 1_000_000, 1_000_000])))
    with pikepdf.open(io.BytesIO(cleaning.clean(data).content)) as document:
        sides = [int(each.Width) for each in document.objects if isinstance(each, pikepdf.Stream) and "/Width" in each]
    assert sides == [6000]
