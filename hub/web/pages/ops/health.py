"""Whether what the hub stands on works just now: a line a part, looked at each time the page is opened.

Only what takes no time; `hub doctor` looks at the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hub.domain.actor import HUB
from hub.domain.china import china_day
from hub.domain.errors import HubError
from hub.services.evidence import judging
from hub.services.operating import operator_tasks
from hub.web.access import face
from hub.web.pages.translation import translate
from hub.wiring import Hub

# Workers look for due work every few seconds, so a job that waits longer than this waits for nobody.
_NOBODY_WORKS_S = 60.0

Look = Callable[[Hub], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One part: `tone` is good, warn or bad."""

    part: str
    tone: str
    detail: str


def lights() -> list[Light]:
    """A light for each part. A part that fails is bad, and the others are still looked at."""
    hub = face().hub
    looks: dict[str, Look] = {
        translate("数据库"): _database,
        translate("材料存储"): _store,
        translate("工作日历"): _calendar,
        translate("密钥"): _keys,
        translate("后台任务"): _work,
    }
    return [_light(part, look, hub) for part, look in looks.items()]


def _light(part: str, look: Look, hub: Hub) -> Light:
    try:
        tone, detail = look(hub)
    except (HubError, OSError):
        # What it says for itself is English, and hub doctor says it too.
        tone, detail = "bad", translate("现在不能使用，原因请看 hub doctor。")
    return Light(part=part, tone=tone, detail=detail)


def _database(hub: Hub) -> tuple[str, str]:
    if not hub.is_up_to_date:
        return "bad", translate("结构不是最新的，请运行 hub db upgrade。")
    return "good", translate("SQLite 文件，结构是最新的") if hub.database.on_sqlite else translate(
        "PostgreSQL，结构是最新的"
    )


def _store(hub: Hub) -> tuple[str, str]:
    hub.store.check()
    with hub.reading(HUB) as tx:
        damaged = operator_tasks.count_damaged_files(tx)
    if damaged:
        return "bad", translate("%(n)s 个文件已损坏，请从备份恢复。", n=damaged)
    return "good", translate("能写入、读回和删除")


def _calendar(hub: Hub) -> tuple[str, str]:
    with hub.reading(HUB) as tx:
        in_force, year = tx.calendar(), china_day(tx.now).year
    for each, tone in ((year, "bad"), (year + 1, "warn")):
        if in_force.is_provisional(each):
            return tone, translate("%(year)s 年还没有正式放假安排，请导入。", year=each)
    return "good", translate("%(first)s 和 %(second)s 年都有正式放假安排", first=year, second=year + 1)


def _keys(hub: Hub) -> tuple[str, str]:
    place = {"table": "ops", "column": "probe", "row": "1"}
    if hub.keyring.open(hub.keyring.seal(b"probe", **place), **place) != b"probe":
        return "bad", translate("加密后不能解开")
    return "good", translate("能加密和解开")


def _work(hub: Hub) -> tuple[str, str]:
    with hub.reading(HUB) as tx:
        unjudged = judging.waiting(tx)
    waited = max(hub.jobs.oldest_waiting_s(), unjudged.longest_s)
    if waited > _NOBODY_WORKS_S:
        return "bad", translate(
            "最早的任务已等了 %(minutes)s 分钟，请确认 hub worker 在运行。", minutes=round(waited / 60) or 1
        )
    waiting = sum(hub.jobs.count_waiting().values()) + unjudged.files
    return "good", translate("%(n)s 项在等待", n=waiting)
