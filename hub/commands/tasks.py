"""`hub task`: what only an operator can settle, and what banks' systems sent that was refused."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json
from hub.domain.errors import NotFound, Unusable
from hub.domain.plain import instant
from hub.services import freed_codes
from hub.services.operating import done_tasks, operator_tasks
from hub.services.reading.operator.refusals import list_refused
from hub.web.task_sentences import task_text


@click.group()
def task() -> None:
    """What an operator has to look into."""


@task.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the tasks that wait, the oldest first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = [
            {
                "id": each.id,
                "kind": each.kind,
                "bank_code": each.bank_code,
                "reference": each.reference,
                "raised_at": instant(each.raised_at),
                "text": task_text(each, "en"),
                **each.params,
            }
            for each in operator_tasks.open_tasks(tx)
        ]
    for each in rows_unless_json(listed, wants_json=wants_json):
        about = "  ".join(each[name] for name in ("bank_code", "reference") if each[name])
        click.echo(f"{each['id']}  {each['raised_at']}  {each['kind']}  {about}".rstrip())
        click.echo(f"  {each['text']}")


@task.command()
@click.argument("task_id", metavar="ID")
def done(task_id: str) -> None:
    """Say that a task is done."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        if not done_tasks.finish(tx, task_id):
            raise NotFound
    click.echo(f"{task_id} is done.")


@task.command(name="free-codes")
@click.argument("task_id", metavar="ID")
def free_codes(task_id: str) -> None:
    """Let an offer or a quote be signed again whose codes were tried too often; the task that tells of it is done."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        if not freed_codes.free(tx, task_id):
            raise Unusable("that task is done already; `hub task list` names those that wait")
    click.echo(f"It takes codes again; {task_id} is done.")


@task.command()
@as_json
def refusals(wants_json: bool) -> None:
    """List the events of banks that were refused, the newest first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = [
            {
                "bank_code": each.bank_code,
                "code": each.code,
                "event_id": each.event_id,
                "negotiation": each.negotiation_id,
                "faults": each.faults,
                "times": each.times,
                "last_at": instant(each.last_at),
            }
            for each in list_refused(tx)
        ]
    for each in rows_unless_json(listed, wants_json=wants_json):
        click.echo(
            f"{each['last_at']}  {each['bank_code']}  {each['code']}  {each['times']}  {each['negotiation'] or ''}"
        )
        if each["faults"]:
            click.echo(f"  {each['faults']}")
