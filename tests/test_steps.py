"""Where a process can be made to die, and where it cannot."""

import subprocess
import sys

import pytest

from hub.steps import KILLED
from tests.test_settings import PRODUCTION

PROGRAM = """
from hub import steps
from hub.wiring import hub_from_environment
steps.reached("commit.before")
hub_from_environment()
steps.reached("commit.before")
steps.reached("commit.before")
print("lives")
"""


@pytest.mark.parametrize(
    ("environment", "status", "said"),
    [
        ({"TEST_CRASH_AT": "commit.before:2"}, KILLED, ""),
        ({"TEST_CRASH_AT": "*:2"}, KILLED, ""),
        ({"TEST_CRASH_AT": "commit.after"}, 0, "lives\n"),
        ({}, 0, "lives\n"),
        ({**PRODUCTION, "TEST_CRASH_AT": "commit.before"}, 0, "lives\n"),
    ],
    ids=["the second of a name", "the second of any", "another", "none", "production"],
)
def test_a_process_dies_at_the_step_it_is_told_and_never_in_production(
    environment: dict[str, str], status: int, said: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (run.returncode, run.stdout) == (status, said), run.stderr
