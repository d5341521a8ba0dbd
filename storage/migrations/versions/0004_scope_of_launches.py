"""Remember through which host app a person came who applied at the hub's pages, and keep drafts apart by it."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FORM = "form"


def upgrade() -> None:
    # Nobody knows any more which launch a negotiation of before came from: its person proves the mobile once.
    op.add_column("negotiation", sa.Column("launch_client_id", sa.String(length=32), nullable=True))
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("client_id", sa.String(length=32), server_default=sa.text(f"'{_FORM}'"), nullable=False)
        )
        batch_op.drop_constraint("uq_draft_owner_index", type_="unique")
        batch_op.create_unique_constraint("uq_draft_owner_index_client_id", ["owner_index", "client_id"])
    only = _only_host_app()
    if only is not None:
        op.get_bind().execute(sa.text("UPDATE draft SET client_id = :client"), {"client": only})
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.alter_column("client_id", server_default=None)


def _only_host_app() -> str | None:
    """The client that every launch of before came from, where there is one only."""
    found = []
    for client_id, scopes in op.get_bind().execute(sa.text("SELECT id, scopes FROM client")):
        held = json.loads(scopes) if isinstance(scopes, str) else scopes
        if "applications:write" in held:
            found.append(client_id)
    return found[0] if len(found) == 1 else None


def downgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_constraint("uq_draft_owner_index_client_id", type_="unique")
        batch_op.create_unique_constraint("uq_draft_owner_index", ["owner_index"])
        batch_op.drop_column("client_id")
    op.drop_column("negotiation", "launch_client_id")
