"""The `hub` command: reads the words of the command line, loads the one group that is meant, and runs it."""

import importlib
import logging
import os
import sys
from typing import Any

import click

GROUPS = {
    "up": "serving:up",
    "web": "web:web",
    "worker": "serving:worker",
    "db": "databases:db",
    "demo": "demonstration:demo",
    "bank": "banks:bank",
    "simulate-bank": "simulating:simulate_bank",
    "conformance": "conforming:conformance",
    "staff": "staff:staff",
    "operator": "staff:operator",
    "client": "clients:client",
    "partner": "partners:partner",
    "gateway": "gateway:gateway",
    "calendar": "calendars:calendar",
    "clock": "clocks:clock",
    "sla": "clocks:sla",
    "log": "records:log",
    "record": "records:record",
    "audit": "audits:audit",
    "check": "checks:check",
    "doctor": "checks:doctor",
    "jobs": "jobs:jobs",
    "delivery": "jobs:delivery",
    "mail": "mails:mail",
    "task": "tasks:task",
    "retention": "retaining:retention",
    "backup": "backups:backup",
    "backups": "backup_notes:backups",
    "restore": "backups:restore",
}


# A command says on standard error what it says itself. What the hub notes while it works is for who serves it, which
# installs its own log; without either Python would put the bare words there.
logging.getLogger("hub").addHandler(logging.NullHandler())


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

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, but words that do not fit are one line on standard error, as every other error is."""
        # What a command writes may be a key, a record or a database: it is its owner's alone.
        umask = os.umask(0o077)
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            hint = f" See `{error.ctx.command_path} --help`." if error.ctx else ""
            click.echo(" ".join(f"Error: {error.format_message()}{hint}".split()), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        except BrokenPipeError:
            # Python would complain once more when it closes what nobody reads.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        finally:
            os.umask(umask)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="negotiated-repayment-hub", prog_name="hub")
def main() -> None:
    """Negotiated Repayment Hub 协商还款: applications in, agreements out."""


if __name__ == "__main__":
    sys.exit(main())
