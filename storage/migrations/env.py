"""What Alembic runs a migration in: the connection that `storage.schema` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.records import Record
from storage.records.base import UtcDateTime

connection = context.config.attributes["connection"]


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A new migration names plain types, so that old migrations never change with our classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_object(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """The job engine's tables lie in the same database and are its own."""
    return not (kind == "table" and reflected and name not in Record.metadata.tables)


context.configure(
    connection=connection,
    target_metadata=Record.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    include_object=include_object,
)
with context.begin_transaction():
    context.run_migrations()
