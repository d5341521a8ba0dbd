"""A worker in a process of its own, to be killed: `python -m tests.jobs.worker_process DATABASE_URL FOLDER`.

What it does it writes into the folder, a line each: `started` and `finished` name jobs, `ticks` set times.
"""

import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from hub.domain.errors import Unusable
from hub.jobs.port import Schedule
from hub.jobs.worker import Worker


def main(database_url: str, folder: Path) -> int:
    """Works until SIGTERM. 1 if it may not work here."""

    def write(file: str, line: str) -> None:
        # One short write in append mode is whole even when two processes write.
        with (folder / file).open("a") as lines:
            lines.write(line + "\n")

    def work_until_let_go(argument: str) -> None:
        write("started", argument)
        while not (folder / "let-go").exists():
            time.sleep(0.02)
        write("finished", argument)

    def tick(at: datetime) -> None:
        write("ticks", at.isoformat())

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    worker = Worker(
        database_url,
        jobs={"work": work_until_let_go},
        schedules={"tick": Schedule(cron="* * * * * *", run=tick)},
        polling_interval_s=0.1,
        sweep_interval_s=0.2,
    )
    try:
        worker.start()
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write("ready", f"{os.getpid()} {worker.executor_id}")
    ended.wait()
    return 0 if worker.stop(5.0) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
