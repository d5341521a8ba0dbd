"""Schedules as the engine keeps them: in the database, so that each fires once however many workers there are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from dbos import DBOS, ScheduleInput

from hub.jobs.port import QueueRule, Schedule

SCHEDULES_QUEUE: Final = QueueRule(name="schedules", at_once=100)
"""For their runs alone, which wait for no job."""


def apply_schedules(schedules: Mapping[str, Schedule], run: Callable[[datetime, str], None]) -> None:
    """`run` is called with each set time and the name of the schedule; no other schedule is left in the database."""
    wanted: list[ScheduleInput] = [
        {
            "schedule_name": name,
            "workflow_fn": run,
            "schedule": schedule.cron,
            "context": name,
            "cron_timezone": "Asia/Shanghai",
            "queue_name": SCHEDULES_QUEUE.name,
        }
        for name, schedule in schedules.items()
    ]
    DBOS.apply_schedules(wanted)
    # One that this version no longer has would fire for ever.
    for known in DBOS.list_schedules():
        if known["schedule_name"] not in schedules:
            DBOS.delete_schedule(known["schedule_name"])
