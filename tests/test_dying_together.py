"""A test run that is killed leaves no server behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.jobs.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a child")]

ROOT = Path(__file__).parents[1]
SLEEPER = """
import subprocess
from tests.dying_together import dying_with_us
print(subprocess.Popen(dying_with_us(["sleep", "600"]), start_new_session=True).pid, flush=True)
"""
POSTGRESQL = """
from tests.storage.postgres_server import start_postgres
print(start_postgres().process.pid, flush=True)
"""


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("server", [SLEEPER, POSTGRESQL], ids=["sleep", "postgresql"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_was_started_is_gone_with_whoever_started_it(server: str, how: signal.Signals) -> None:
    program = f"{server}\nimport time\ntime.sleep(600)"
    # Ctrl-C reaches it as it does in a terminal, whatever these tests were started with.
    default = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{default}\n{program}"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as started:
        assert started.stdout is not None
        pid = int(started.stdout.readline())
        assert is_there(pid)
        os.kill(started.pid, how)
        started.wait(30)
    wait_until(lambda: not is_there(pid), what="the end of the server")
