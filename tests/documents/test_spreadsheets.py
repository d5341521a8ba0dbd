"""Tables as files: read back by another library, numbers as numbers, and nothing in them that a spreadsheet runs."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from hub.documents.spreadsheets import CsvTable, XlsxTable
from hub.domain.export_fields import CellKind, ExportField

COLUMNS = [
    ExportField(name="text", label_zh="姓名"),
    ExportField(name="owed", label_zh="欠款", kind=CellKind.YUAN),
    ExportField(name="count", label_zh="期数", kind=CellKind.COUNT),
    ExportField(name="day", label_zh="还款日", kind=CellKind.DAY),
    ExportField(name="at", label_zh="签署时间", kind=CellKind.MOMENT),
]
HEAD = ["姓名", "欠款（元）", "期数", "还款日", "签署时间（北京时间）"]
ABOUT = ["导出人：韩磊", "个人信息：已遮盖"]
# 23:30 in China, on the next day there.
AT = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
ROWS: list[list[object]] = [
    ["王小明", 105_000, 3, date(2026, 12, 20), AT],
    ['O\'Neil, "A"\n二', -1, 0, None, None],
    [None, 0, None, None, AT],
]
FORMULAS = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("x")', "=cmd|' /C calc'!A0"]


def as_csv(rows: list[list[object]]) -> tuple[bytes, list[list[str]]]:
    out = io.BytesIO()
    table = CsvTable(out, COLUMNS, about=ABOUT)
    for row in rows:
        table.add(row)
    table.close()
    content = out.getvalue()
    return content, list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_xlsx(rows: list[list[object]]) -> io.BytesIO:
    out = io.BytesIO()
    table = XlsxTable(out, COLUMNS, title="待办队列", about=ABOUT)
    for row in rows:
        table.add(row)
    table.close()
    out.seek(0)
    return out


def test_csv_is_rfc_4180_with_the_mark_of_utf_8() -> None:
    content, rows = as_csv(ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.replace(b'"O\'Neil, ""A""\n\xe4\xba\x8c"', b"").count(b"\n") == content.count(b"\r\n") == 4
    mark = "导出人：韩磊；个人信息：已遮盖"
    assert rows == [
        [*HEAD, "导出说明"],
        ["王小明", "1050.00", "3", "2026-12-20", "2026-11-28 23:30", mark],
        ['O\'Neil, "A"\n二', "-0.01", "0", "", "", mark],
        ["", "0.00", "", "", "2026-11-28 23:30", mark],
    ]


def test_a_name_in_the_last_column_of_csv_is_no_formula_either() -> None:
    out = io.BytesIO()
    table = CsvTable(out, COLUMNS[:1], about=["=1+1"])
    table.add(["王小明"])
    table.close()
    assert out.getvalue().decode("utf-8-sig") == "姓名,导出说明\r\n王小明,'=1+1\r\n"


def test_xlsx_is_read_back_with_numbers_days_and_times_as_such() -> None:
    book = load_workbook(as_xlsx(ROWS))
    sheet = book["待办队列"]
    found = list(sheet.iter_rows(values_only=True))
    assert list(found[0]) == HEAD
    assert found[1] == ("王小明", 1050, 3, datetime(2026, 12, 20), datetime(2026, 11, 28, 23, 30))  # noqa: DTZ001
    assert found[2][:3] == ('O\'Neil, "A"\n二', -0.01, 0)
    assert sheet["B2"].number_format == "#,##0.00"
    assert [cell.value for cell in book["导出说明"]["A"]] == ABOUT
    assert "导出人：韩磊" in str(sheet.oddFooter.left.text)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_ever_a_formula(text: str) -> None:
    _, rows = as_csv([[text, 1, 1, None, None]])
    assert rows[1][0] == f"'{text}"
    cell = load_workbook(as_xlsx([[text, 1, 1, None, None]])).worksheets[0]["A2"]
    assert cell.data_type == "s"
    # A carriage return is spelt in letters there.
    assert str(cell.value).endswith(text.strip())


def test_the_same_rows_are_the_same_xlsx() -> None:
    assert as_xlsx(ROWS).getvalue() == as_xlsx(ROWS).getvalue()
