"""Small fonts: a document holds the glyphs that it draws, each the one of its character, and no room for others."""

import io
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from hub.documents.agreement_document import html_of as agreement_html
from hub.documents.application_form import html_of as form_html
from hub.documents.printing import print_pdf
from hub.domain.terms import Kind
from tests.documents.samples import agreement, application_form, terms_of

pytestmark = pytest.mark.slow

FORM = form_html(application_form())
AGREEMENT = agreement_html(agreement(terms=terms_of(Kind.INSTALMENTS, instalments=60)))


def fonts_of(pdf: bytes) -> Iterator[Any]:
    resources = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in resources.values():
        yield font.get_object()


def embedded(font: Any) -> Any:
    return font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def characters_of(font: Any) -> dict[int, str]:
    """What each code on the page stands for."""
    lines = re.findall(r"<([0-9a-f]{4})> <((?:[0-9a-f]{4})+)>", font["/ToUnicode"].get_data().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in lines}


def installed(base_font: str) -> TTFont:
    family, bold = re.sub("-Bold$", "", base_font.split("+")[1]).replace("-", " "), base_font.endswith("-Bold")
    pattern = f"{family}:bold" if bold else f"{family}:regular"
    found = subprocess.run(["fc-match", pattern, "-f", "%{file}|%{index}"], capture_output=True, text=True, check=True)
    path, index = found.stdout.split("|")
    return TTFont(path, fontNumber=int(index))


def outline(glyph: Any) -> list[Any]:
    pen = RecordingPen()
    glyph.draw(pen)
    drawn: list[Any] = pen.value
    return drawn


@pytest.mark.parametrize(("html", "most"), [(FORM, 100_000), (AGREEMENT, 220_000)])
def test_a_document_is_small(html: str, most: int) -> None:
    assert len(print_pdf(html)) < most


@pytest.mark.parametrize("html", [FORM, AGREEMENT])
def test_each_code_on_the_page_draws_its_character(html: str) -> None:
    drawn = 0
    for font in fonts_of(print_pdf(html)):
        file = embedded(font)["/FontFile3"]
        assert file["/Subtype"] == "/CIDFontType0C"
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(file.get_data()), None)
        glyphs, whole = fonts.topDictIndex[0].CharStrings, installed(font["/BaseFont"])
        names, of_font = whole.getBestCmap(), whole.getGlyphSet()
        for code, text in characters_of(font).items():
            # A glyph that stands for several characters, or for one that looks the same, has another's name.
            if len(text) == 1 and names.get(ord(text)) == f"cid{code:05d}":
                assert outline(glyphs[f"cid{code:05d}"]) == outline(of_font[names[ord(text)]]), text
                drawn += 1
        assert len(glyphs) < 2 * len(characters_of(font)) + 10
    assert drawn > 300


def test_a_font_of_another_kind_is_cut_as_before() -> None:
    page = '<!doctype html><html lang="en"><title>t</title><p style="font-family: DejaVu Sans">Plain words</p></html>'
    pdf = print_pdf(page)
    assert "Plain words" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert any("/FontFile2" in embedded(font) for font in fonts_of(pdf))
