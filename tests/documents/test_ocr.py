"""Reading pages by the real Tesseract, in its cage: what it reads, what it cannot, and that nothing is waited for."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hub.documents import ocr, ocr_child
from hub.domain.errors import TryAgain, Unusable
from hub.domain.recognised_amounts import amounts_in
from tests.documents.payslips import AMOUNTS, payslip
from tests.documents.pictures import noise, written

_HERE = Path(__file__).parent
JPEG = written(noise((60, 40)), "JPEG")


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def take_over(walls: str = "both") -> None:
        program = ("-I", str(_HERE / "exploited_ocr.py"), str(os.getuid()), walls)
        monkeypatch.setattr(ocr, "CHILD", program)

    return take_over


def test_a_payslip_is_read_with_every_amount_under_its_words() -> None:
    text = ocr.read_page(payslip())
    assert [(each.label, each.amount_fen) for each in amounts_in([text])] == list(AMOUNTS)


def test_it_says_which_it_is() -> None:
    assert ocr.version()[0].isdigit()


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"\xff\xd8\xff", id="a page that is cut"),
        pytest.param(b"%PDF-1.7", id="no picture"),
        pytest.param(written(Image.new("L", (40, 40)), "PNG"), id="a picture of another type"),
        pytest.param(written(Image.new("L", (3000, 3000), 255), "JPEG"), id="larger than any page"),
        pytest.param(written(Image.new("L", (400, 400), 255), "JPEG"), id="an empty page"),
    ],
)
def test_what_cannot_be_read_has_no_text(page: bytes) -> None:
    assert ocr.read_page(page).strip() == ""


def test_a_page_that_takes_too_long_has_no_text() -> None:
    assert ocr.read_page(payslip(), wall_limit_s=0.05) == ""


def test_one_that_computes_without_end_is_ended(taken_over: Callable[..., None]) -> None:
    taken_over()
    assert ocr.read_page(b"compute", wall_limit_s=1.0) == ""


def test_one_that_writes_without_end_fills_nothing(taken_over: Callable[..., None]) -> None:
    taken_over()
    assert len(ocr.read_page(b"much")) <= ocr_child.MOST_TEXT


def test_where_it_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(Unusable, match="apt-get install tesseract-ocr tesseract-ocr-chi-sim"):
        ocr.read_page(JPEG)
    with pytest.raises(Unusable):
        ocr.version()


def test_a_machine_without_a_process_to_spare_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/python")
    with pytest.raises(TryAgain):
        ocr.read_page(JPEG)


def test_nothing_of_the_hubs_environment_is_the_childs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEYS", "of the hub")
    monkeypatch.setattr(ocr, "CHILD", ("-I", "-c", "import os; print(sorted(os.environ))"))
    assert "HUB_SECRET_KEYS" not in ocr.version()
    assert "OMP_THREAD_LIMIT" in ocr.version()
