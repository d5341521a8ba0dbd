"""Tables as files: CSV (RFC 4180, UTF-8 with its mark) and XLSX. No cell is ever a formula.

A spreadsheet runs what begins with an equals sign or its like, wherever the text came from (CSV injection, OWASP): in
CSV such a text gets an apostrophe before it, in XLSX every text is a text cell.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final, Protocol

import xlsxwriter

from hub.domain.china import CHINA
from hub.domain.export_fields import CellKind, ExportField

# What a spreadsheet takes for the beginning of a formula, in their wide forms too.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ABOUT_ZH: Final = "导出说明"
"""What the sheet, or the column, is called that says who took the table, when, and whether people are masked."""
_CELL_LIMIT: Final = 32_767
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the same file of the same rows, whenever it is made
_FORMATS: Final = {CellKind.YUAN: "#,##0.00", CellKind.COUNT: "0", CellKind.DAY: "yyyy-mm-dd",
                   CellKind.MOMENT: "yyyy-mm-dd hh:mm"}  # fmt: skip

Row = Sequence[Any]


class Table(Protocol):
    """A table that is being written."""

    def add(self, row: Row) -> None:
        """One row more: text, fen, a count, a day or an instant a cell, None for an empty one."""

    def close(self) -> None:
        """The file is whole."""


def disarmed(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


class CsvTable:
    """A table as CSV, whose last column says in each row what it is and who took it.

    CSV has no place for words about the table: a line before the head would be taken for the head, and one at the end
    for a row. A column is a column to every reader, and stays with each row that somebody copies out.
    """

    def __init__(self, out: IO[bytes], columns: Sequence[ExportField], *, about: Sequence[str]) -> None:
        # The mark has spreadsheets read Chinese as what it is.
        self._text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._columns, self._about = columns, disarmed("；".join(about))
        self._writer.writerow([*(each.head_zh for each in columns), ABOUT_ZH])

    def add(self, row: Row) -> None:
        """See `Table`."""
        cells = (_spelt(each.kind, value) for each, value in zip(self._columns, row, strict=True))
        self._writer.writerow([*cells, self._about])

    def close(self) -> None:
        """See `Table`."""
        self._text.flush()
        self._text.detach()


def _spelt(kind: CellKind, value: Any) -> str:
    if value is None:
        return ""
    match kind:
        case CellKind.YUAN:
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
        case CellKind.COUNT:
            return str(value)
        case CellKind.DAY:
            return str(value.isoformat())
        case CellKind.MOMENT:
            return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
        case _:
            return disarmed(str(value))


class XlsxTable:
    """A table as XLSX, with a second sheet that says what it is and who took it."""

    def __init__(self, out: IO[bytes], columns: Sequence[ExportField], *, title: str, about: Sequence[str]) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(out, options)
        self._book.set_properties({"title": title, "created": _MADE})
        self._columns, self._number, self._title, self._about = columns, 0, title, about
        self._sheet = self._book.add_worksheet(title)
        bold = self._book.add_format({"bold": True, "bottom": 1})
        self._formats = {kind: self._book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(columns) - 1, 18)
        # Whoever prints it has on each sheet who took it and when.
        self._sheet.set_footer("&L" + " · ".join(about).replace("&", "&&")[:200])
        for place, each in enumerate(columns):
            self._sheet.write_string(0, place, each.head_zh, bold)

    def add(self, row: Row) -> None:
        """See `Table`."""
        self._number += 1
        for place, (each, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is not None:
                self._write(place, each.kind, value)

    def _write(self, place: int, kind: CellKind, value: Any) -> None:
        at, form = (self._number, place), self._formats.get(kind)
        match kind:
            case CellKind.YUAN:
                self._sheet.write_number(*at, value / 100, form)
            case CellKind.COUNT:
                self._sheet.write_number(*at, value, form)
            case CellKind.DAY:
                self._sheet.write_datetime(*at, _day(value), form)
            case CellKind.MOMENT:
                self._sheet.write_datetime(*at, value.astimezone(CHINA).replace(tzinfo=None, microsecond=0), form)
            case _:
                self._sheet.write_string(*at, str(value)[:_CELL_LIMIT])

    def close(self) -> None:
        """See `Table`."""
        sheet = self._book.add_worksheet(ABOUT_ZH)
        sheet.set_column(0, 0, 80)
        for place, each in enumerate(self._about):
            sheet.write_string(place, 0, each)
        self._book.close()


def _day(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day as a spreadsheet has it
