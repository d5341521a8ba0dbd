"""The `hub` command: reads the words of the command line, loads the one group that is meant, and runs it."""

import importlib

import click

GROUPS = {
    "up": "serving:up",
    "web": "serving:web",
    "worker": "serving:worker",
    "db": "databases:db",
    "demo": "demonstration:demo",
    "bank": "banks:bank",
    "staff": "staff:staff",
    "operator": "staff:operator",
    "client": "clients:client",
    "calendar": "calendars:calendar",
    "clock": "clocks:clock",
    "sla": "clocks:sla",
    "log": "records:log",
    "record": "records:record",
    "check": "checks:check",
    "doctor": "checks:doctor",
    "jobs": "jobs:jobs",
    "delivery": "jobs:delivery",
}


class LazyGroup(click.Group):
    """Knows all commands by name, and imports the module of the one that is called: `hub --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the order of the table."""
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of that name."""
        if cmd_name not in GROUPS:
            return None
        module, _, name = GROUPS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"hub.commands.{module}"), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Negotiated Repayment Hub 协商还款: applications in, agreements out."""


if __name__ == "__main__":
    main()
