"""The columns that a table taken out of the hub can have: names, what they are called, and how they are written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CellKind(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    YUAN = "yuan"  # a number in yuan with two decimals, from fen
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"  # in China time


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportField:
    """One column. `is_personal`: masked, unless the export is in full. The head says the unit."""

    name: str
    label_zh: str
    kind: CellKind = CellKind.TEXT
    is_personal: bool = False

    @property
    def head_zh(self) -> str:
        """What stands above the column."""
        units = {CellKind.YUAN: "（元）", CellKind.MOMENT: "（北京时间）"}
        return self.label_zh + units.get(self.kind, "")


def _field(name: str, label_zh: str, kind: CellKind = CellKind.TEXT, *, personal: bool = False) -> ExportField:
    return ExportField(name=name, label_zh=label_zh, kind=kind, is_personal=personal)


_PERSON: Final = (
    _field("reference", "编号"),
    _field("name", "客户姓名", personal=True),
    _field("id_number", "证件号码", personal=True),
    _field("mobile", "手机号", personal=True),
    _field("cards", "卡号", personal=True),
)
_TEAM: Final = (_field("owner", "经办人"),)
FIELDS: Final[Mapping[str, tuple[ExportField, ...]]] = {
    "queue": (
        *_PERSON,
        _field("status", "状态"),
        _field("due_at", "答复期限", CellKind.MOMENT),
        _field("received_at", "收到时间", CellKind.MOMENT),
        _field("owed", "本行欠款", CellKind.YUAN),
        _field("reasons", "困难原因"),
        _field("proposal", "客户诉求"),
        _field("monthly", "客户希望每月还", CellKind.YUAN),
        *_TEAM,
    ),
    "agreements": (
        *_PERSON,
        _field("number", "协议编号"),
        _field("plan", "方案"),
        _field("status", "情况"),
        _field("signed_at", "签署时间", CellKind.MOMENT),
        _field("next_due_on", "下次还款日", CellKind.DAY),
        _field("next_due", "本期应还", CellKind.YUAN),
        _field("paid", "已还", CellKind.YUAN),
        _field("total", "应还合计", CellKind.YUAN),
        _field("missed", "未到账期数", CellKind.COUNT),
        _field("hold_missing", "未登记停止催收的方数", CellKind.COUNT),
        _field("ended_at", "结束时间", CellKind.MOMENT),
        *_TEAM,
    ),
    "answers": (
        *_PERSON,
        _field("stage", "阶段"),
        _field("received_at", "收到时间", CellKind.MOMENT),
        _field("due_at", "答复期限", CellKind.MOMENT),
        _field("answered_at", "答复时间", CellKind.MOMENT),
        _field("days_taken", "用时（工作日）", CellKind.COUNT),
        _field("outcome", "结果"),
        _field("team", "小组"),
        _field("cause", "超时原因"),
        _field("cause_words", "超时说明"),
    ),
    "audit": (
        _field("at", "时间", CellKind.MOMENT),
        _field("who", "操作人"),
        _field("what", "操作"),
        _field("reference", "编号"),
        _field("about", "对象"),
        _field("details", "说明"),
        _field("address", "来源地址"),
    ),
}
"""The columns of each kind of export, in order."""


def fields_of(kind: str, names: Collection[str]) -> list[ExportField]:
    """Those of the kind's columns that are named, in the order of the list."""
    return [each for each in FIELDS[kind] if each.name in names]
