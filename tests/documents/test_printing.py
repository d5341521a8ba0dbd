"""Printing: the same bytes each time, nothing fetched, Chinese fonts, and a child that may die."""

import io
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdf
import pytest

from hub.documents import printing
from hub.documents.agreement_document import html_of as agreement_html
from hub.documents.application_form import html_of as form_html
from hub.documents.printing import Printer, Printers, fonts_ready, print_pdf, print_seconds
from hub.domain.errors import Unusable
from tests.documents.samples import agreement, application_form

pytestmark = pytest.mark.slow


def page(body: str) -> str:
    return f'<!doctype html><html lang="zh-CN"><head><title>试</title></head><body>{body}</body></html>'


def text_of(pdf: bytes) -> str:
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def child_of(printer: Printer) -> int:
    assert printer._child is not None
    return printer._child._process.pid


def test_this_machine_can_print_chinese() -> None:
    assert fonts_ready() == []


def test_a_warm_page_is_measured() -> None:
    assert 0 < print_seconds() < 60


def test_weasyprint_stays_out_of_this_process() -> None:
    print_pdf(page("<p>一</p>"))
    assert "weasyprint" not in sys.modules


@pytest.mark.parametrize("html", [agreement_html(agreement()), form_html(application_form())])
def test_the_same_input_gives_the_same_bytes_in_any_child(html: str) -> None:
    first = print_pdf(html)
    print_pdf(page("<p>别的文件</p>"))
    printer = Printer()
    try:
        assert printer.print_pdf(html) == first == print_pdf(html)
    finally:
        printer.close()


def test_the_fonts_of_a_document_are_chinese_and_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(agreement_html(agreement()))))
    names: set[str] = set()
    for one in reader.pages:
        fonts = one["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(font["/BaseFont"])
    assert names
    assert all("CJK" in name or "WenQuanYi" in name for name in names)


def test_a_rare_character_is_drawn_or_spelled_out_and_never_a_box() -> None:
    text = text_of(print_pdf(page("<p>王𠮷䶮㛃𱍐明</p>")))
    assert "王𠮷䶮㛃" in text
    assert "〔U+31350〕明" in text


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1/x.png" alt="x">',
        '<img src="x.png" alt="x">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<style>@import url("file:///x.css");</style><p>x</p>',
        "<style>@font-face{font-family:x;src:url(file:///x.otf)} p{font-family:x}</style><p>x</p>",
        '<link rel="stylesheet" href="file:///x.css"><p>x</p>',
        '<link rel="attachment" href="file:///etc/passwd"><p>x</p>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_a_document_that_names_a_file_or_an_address_is_not_printed(body: str) -> None:
    with pytest.raises(Unusable, match="cannot be printed"):
        print_pdf(page(body))


def test_threads_take_turns_and_each_gets_its_own_document() -> None:
    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(lambda number: text_of(print_pdf(page(f"<p>第 {number} 份</p>"))), range(16)))
    assert [f"第 {number} 份" in text for number, text in enumerate(texts)] == [True] * 16


def test_a_child_is_replaced_after_its_documents() -> None:
    printer = Printer(documents_a_child=2)
    try:
        printer.print_pdf(page("<p>一</p>"))
        first = child_of(printer)
        printer.print_pdf(page("<p>二</p>"))
        assert printer._child is None
        printer.print_pdf(page("<p>三</p>"))
        assert child_of(printer) != first
    finally:
        printer.close()


def test_a_child_that_was_killed_is_replaced() -> None:
    printer = Printer()
    try:
        printer.print_pdf(page("<p>一</p>"))
        os.kill(child_of(printer), signal.SIGKILL)
        assert "二" in text_of(printer.print_pdf(page("<p>二</p>")))
    finally:
        printer.close()


def test_a_print_that_takes_too_long_is_ended() -> None:
    printer = Printer(timeout_s=0.01)
    try:
        with pytest.raises(Unusable, match="printing does not work"):
            printer.print_pdf(agreement_html(agreement()))
        assert printer._child is None
    finally:
        printer.close()


def test_a_document_that_wants_too_much_memory_is_refused_and_the_next_one_prints() -> None:
    printer = Printer()
    try:
        with pytest.raises(Unusable):
            printer.print_pdf(page(f"<svg width='1' height='1'><title>{'x' * (300 << 20)}</title></svg>"))
        assert printer.print_pdf(page("<p>一</p>"))
    finally:
        printer.close()


def test_the_child_learns_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEYS", "marker-of-a-secret")
    printer = Printer()
    try:
        printer.print_pdf(page("<p>一</p>"))
        with open(f"/proc/{child_of(printer)}/environ", "rb") as environ:  # noqa: PTH123 - no path of ours
            assert b"marker-of-a-secret" not in environ.read()
    finally:
        printer.close()


def test_a_console_script_prints_and_leaves_no_child_behind() -> None:
    script = (
        "from hub.documents.printing import print_pdf, _printer\n"
        "import sys\n"
        "pdf = print_pdf('<html lang=zh-CN><title>t</title><p>一')\n"
        "sys.stdout.write(f'{pdf[:5]!r} {_printer._child._process.pid}')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    start, pid = run.stdout.rsplit(" ", 1)
    assert (start, run.stderr) == ("b'%PDF-'", "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_a_machine_without_a_chinese_font_prints_no_boxes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    latin = "/usr/share/fonts/truetype"
    config.write_text(f"<fontconfig><dir>{latin}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    printer = Printer()
    try:
        assert printer.print_pdf(page("<p>Plain</p>"))
        with pytest.raises(Unusable, match="no Chinese font is installed: apt-get install fonts-noto-cjk"):
            printer.print_pdf(page("<p>协商</p>"))
    finally:
        printer.close()


def test_several_printers_print_at_once_and_a_third_document_waits_for_one_of_two() -> None:
    printers = Printers(2)
    try:
        with ThreadPoolExecutor(3) as pool:
            printed = list(pool.map(printers.print_pdf, [page(f"<p>{each}</p>") for each in "一二三"]))
        assert all(each.startswith(b"%PDF-") for each in printed)
        assert len(set(printed)) == 3
        children = {child_of(each) for each in printers._all}
        assert len(children) == 2
    finally:
        printers.close()
    assert all(each._child is None for each in printers._all)


def test_a_printer_that_is_not_needed_starts_no_child() -> None:
    printers = Printers(4)
    try:
        for each in "一二":
            printers.print_pdf(page(f"<p>{each}</p>"))
        assert sum(each._child is not None for each in printers._all) == 1
    finally:
        printers.close()


def test_a_document_that_cannot_be_printed_gives_its_printer_back() -> None:
    printers = Printers(1)
    try:
        with pytest.raises(Unusable):
            printers.print_pdf('<img src="http://127.0.0.1/x.png">')
        assert printers.print_pdf(page("<p>一</p>")).startswith(b"%PDF-")
    finally:
        printers.close()


def test_a_forked_process_prints_with_a_child_of_its_own() -> None:
    print_pdf(page("<p>一</p>"))
    ours = child_of(printing._printer)
    forked = os.fork()
    if forked == 0:
        whole = b"%PDF-" in print_pdf(page("<p>二</p>"))
        own = child_of(printing._printer)
        printing._printer.close()
        os._exit(0 if whole and own != ours else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    print_pdf(page("<p>三</p>"))
    assert child_of(printing._printer) == ours


@pytest.mark.parametrize(
    ("last_words", "fix"),
    [
        ("OSError: cannot load library 'libpango-1.0-0'", "apt-get install libpango-1.0-0"),
        ("OSError: cannot load library 'libgobject-2.0-0'", "apt-get install libpango-1.0-0"),
        ("exit -9", "see hub doctor"),
    ],
)
def test_a_machine_that_cannot_print_is_told_what_to_install(last_words: str, fix: str) -> None:
    assert fix in printing._advice(last_words)
