"""A home of the test's own, and the hub's commands in it."""

from tests.commands.conftest import home, run_hub, start_hub

__all__ = ["home", "run_hub", "start_hub"]
