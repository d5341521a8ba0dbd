"""Jobs by the command line."""

from tests.commands.conftest import RunHub


def test_there_are_no_dead_jobs_in_an_empty_hub(run_hub: RunHub) -> None:
    assert run_hub("jobs", "dead", "--json").json == []
