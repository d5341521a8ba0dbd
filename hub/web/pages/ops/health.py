"""The operator's lights: whether what the hub stands on works just now, looked at each time the page is opened.

Only what takes no time; `hub doctor` looks at the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub import health
from hub.health import Part, State
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.translation import translate

_NAMES: Final[Mapping[Part, str]] = {
    Part.MIGRATIONS: marked("数据库"),
    Part.STORE: marked("材料存储"),
    Part.CALENDAR: marked("工作日历"),
    Part.KEYS: marked("密钥"),
    Part.WORK: marked("后台任务"),
}
_TONES: Final[Mapping[State, str]] = {State.FINE: "good", State.WARNING: "warn", State.WRONG: "bad"}
# Of each code of a finding.
_WORDS: Final[Mapping[str, str]] = {
    "not_up_to_date": marked("结构不是最新的，请运行 hub db upgrade。"),
    "up_to_date_sqlite": marked("SQLite 文件，结构是最新的"),
    "up_to_date_postgresql": marked("PostgreSQL，结构是最新的"),
    "damaged": marked("%(n)s 个文件已损坏，请从备份恢复。"),
    "store_works": marked("能写入、读回和删除"),
    "no_notice": marked("%(year)s 年还没有正式放假安排，请导入。"),
    "notices": marked("%(first)s 和 %(second)s 年都有正式放假安排"),
    "keys_fit": marked("能加密和解开"),
    "nobody_works": marked("最早的任务已等了 %(minutes)s 分钟，请确认 hub worker 在运行。"),
    "working": marked("%(n)s 项在等待"),
}
# What a part that fails says for itself is English, and hub doctor says it too.
_FAILED: Final = marked("现在不能使用，原因请看 hub doctor。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One part: `tone` is good, warn or bad."""

    part: str
    tone: str
    detail: str


def lights() -> list[Light]:
    """A light for each part. A part that fails is bad, and the others are still looked at."""
    return [_light(part, name) for part, name in _NAMES.items()]


def _light(part: Part, name: str) -> Light:
    found = health.look(face().hub, part)
    words = _WORDS.get(found.code, _FAILED)
    return Light(part=translate(name), tone=_TONES[found.state], detail=translate(words, **found.params))
