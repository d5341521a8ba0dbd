"""The operator's lights: whether what the hub stands on works just now, looked at each time the page is opened.

Only what takes no time; `hub doctor` looks at the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub import health
from hub.domain.actor import HUB
from hub.findings import Part, State
from hub.services.operating import scanner_tasks
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.translation import translate

_NAMES: Final[Mapping[Part, str]] = {
    Part.MIGRATIONS: marked("数据库"),
    Part.WALLS: marked("银行之间的隔离"),
    Part.STORE: marked("材料存储"),
    Part.BACKUP: marked("备份"),
    Part.SCANNER: marked("病毒扫描"),
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
    "one_wall": marked("每次查询只取一家银行的数据；换成独立的数据库服务后，数据库会再隔离一层"),
    "two_walls": marked("每次查询只取一家银行的数据，数据库再隔离一层"),
    "holes": marked("数据库的第二层隔离不完整，请运行 hub db upgrade，并看 hub doctor。"),
    "damaged": marked("%(n)s 个文件已损坏，请从备份恢复。"),
    "store_works": marked("能写入、读回和删除"),
    "no_backup_yet": marked("还没有备份"),
    "no_backup": marked("还没有备份。请看 hub-backup.timer 是否在运行。"),
    "backups_fine": marked("最近一份是 %(age)s前的"),
    "backup_old": marked("最近一份已是 %(age)s前的。请看 hub-backup.timer 是否在运行。"),
    "backup_unchecked": marked("最近一份是 %(age)s前的，已有 %(proved)s没有读回检查。请运行 hub restore DIR --check。"),
    "backup_undrilled": marked("最近一份是 %(age)s前的，已有 %(proved)s没有试恢复。请运行 hub restore DIR --drill。"),
    "no_scanner": marked("没有设置，文件只按类型、大小和内容检查。怎么设置见 hub doctor。"),
    "no_signatures": marked("有应答，但没有官方病毒库。请看 freshclam 是否在运行。"),
    "old": marked("有应答，病毒库已有 %(n)s 天没有更新。请看 freshclam 是否在运行。"),
    "scanner_works": marked("有应答，病毒库是 %(n)s 天前的"),
    "scanner_away": marked("从 %(since)s 起没有应答，文件在等待检查。请看扫描服务是否在运行。"),
    "no_notice": marked("%(year)s 年还没有正式放假安排，请导入。"),
    "notices": marked("%(first)s 和 %(second)s 年都有正式放假安排"),
    "keys_fit": marked("能加密和解开"),
    "nobody_works": marked("最早的任务已等了 %(minutes)s 分钟，请确认 hub worker 在运行。"),
    "no_worker": marked("已有两分钟没有 hub worker 的消息，请确认它在运行。"),
    "files_wait": marked("hub worker 在运行，有文件等待检查已 %(minutes)s 分钟，请看病毒扫描。"),
    "working": marked("%(n)s 项在等待"),
}
# Nothing is wrong, and nothing was done that could be right.
_NOT_YET: Final = "no_backup_yet"
# What a part that fails says for itself is English, and hub doctor says it too.
_FAILED: Final = marked("现在不能使用，原因请看 hub doctor。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One part: `tone` is good, warn or bad; quiet of what was not done yet, and need not be."""

    part: str
    tone: str
    detail: str


def lights() -> list[Light]:
    """A light for each part. A part that fails is bad, and the others are still looked at."""
    return [_light(part, name) for part, name in _NAMES.items()]


def _light(part: Part, name: str) -> Light:
    found = health.look(face().hub, part)
    code, params = found.code, found.params
    if part is Part.SCANNER and found.state is State.WRONG:
        # The worker noticed since when.
        with face().hub.reading(HUB) as tx:
            since = scanner_tasks.away_since(tx)
        if since is not None:
            code, params = "scanner_away", {"since": since}
    if part is Part.BACKUP:
        ages = {"hours": "age", "proved_hours": "proved"}
        params = {ages[name]: _age(int(hours)) for name, hours in params.items()}
    words = _WORDS.get(code, _FAILED)
    tone = "quiet" if code == _NOT_YET else _TONES[found.state]
    return Light(part=translate(name), tone=tone, detail=translate(words, **params))


def _age(hours: int) -> str:
    return translate("%(n)s 小时", n=hours) if hours < 72 else translate("%(n)s 天", n=hours // 24)
