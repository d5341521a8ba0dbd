"""Keep requests beside negotiations, each with a log of its own, and deliver messages about them."""

import sqlalchemy as sa
from alembic import op

from storage import append_only, row_security

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_TABLES = ("service_request", "request_entry", "request_content")
_OF_ONE = "(negotiation_id IS NULL) <> (request_id IS NULL)"
_OPEN = "closed_at IS NULL AND reached_bank_at IS NOT NULL"
_UNNOTED = "clock_opened_at IS NOT NULL AND answered_at IS NULL AND breach_noted_at IS NULL"


def upgrade() -> None:
    _create_requests()
    _create_logs()
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("request_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(op.f("fk_delivery_request_id"), "service_request", ["request_id"], ["id"])
        batch.create_check_constraint("of_one", _OF_ONE)
    _partial_index("ix_delivery_request", "delivery", ["request_id", "queued_at"], "request_id IS NOT NULL")
    dialect = op.get_bind().dialect.name
    lines = [*append_only.statements(dialect, ["request_entry"]), *row_security.statements(dialect, _TABLES)]
    for line in lines:
        op.execute(line)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    lines = [*row_security.undo_statements(dialect, _TABLES), *append_only.drop_statements(dialect, ["request_entry"])]
    for line in lines:
        op.execute(line)
    op.execute("DELETE FROM delivery WHERE request_id IS NOT NULL")
    op.drop_index("ix_delivery_request", "delivery")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_constraint(op.f("ck_delivery_of_one"), type_="check")
        batch.drop_constraint(op.f("fk_delivery_request_id"), type_="foreignkey")
        batch.drop_column("request_id")
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=False)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_requests() -> None:
    op.create_table(
        "service_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_bank_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_days", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.String(length=5), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breach_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log_length", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.Column("log_mac", sa.String(length=48), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_service_request_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("matter_id", "bank_code", name=op.f("uq_service_request_matter_id_bank_code")),
    )
    table = "service_request"
    op.create_index("ix_service_request_owner", table, ["owner_index", "client_id", "opened_at"])
    op.create_index("ix_service_request_reference", table, ["reference"])
    op.create_index("ix_service_request_bank", table, ["bank_code", "id"])
    op.create_index(op.f("ix_service_request_expires_at"), table, ["expires_at"])
    _partial_index("ix_service_request_queue", table, ["bank_code", "due_at", "id", "kind", "status"], _OPEN)
    _partial_index("ix_service_request_breach", table, ["due_at"], _UNNOTED)
    _partial_index("ix_service_request_remind_at", table, ["remind_at"], "remind_at IS NOT NULL")


def _create_logs() -> None:
    op.create_table(
        "request_entry",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=True),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["service_request.id"], name=op.f("fk_request_entry_request_id")),
        sa.PrimaryKeyConstraint("request_id", "sequence", name=op.f("pk_request_entry")),
    )
    op.create_index("ix_request_entry_bank_code", "request_entry", ["bank_code", "request_id", "sequence"])
    op.create_table(
        "request_content",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("salt_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id", "sequence"],
            ["request_entry.request_id", "request_entry.sequence"],
            name=op.f("fk_request_content_request_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("request_id", "sequence", name=op.f("pk_request_content")),
    )
    op.create_index("ix_request_content_bank_code", "request_content", ["bank_code", "request_id"])


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
