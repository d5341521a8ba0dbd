"""Make the tables of what passes between the hub and other systems, and name messages as the wire does."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("cert_id", sa.String(length=40), nullable=False),
        sa.Column("sign_method", sa.String(length=2), nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cert_id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "bank_line",
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collect_failures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_bank_line_bank_code")),
        sa.PrimaryKeyConstraint("bank_code", name=op.f("pk_bank_line")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_batch_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("bank_code", "day", "number", name=op.f("uq_batch_bank_code_day_number")),
    )
    op.create_table(
        "refused_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=True),
        sa.Column("negotiation_id", sa.String(length=64), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_refused_event_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_event")),
        sa.UniqueConstraint("bank_code", "digest", "code", name=op.f("uq_refused_event_bank_code_digest_code")),
    )
    with op.batch_alter_table("refused_event", schema=None) as batch_op:
        batch_op.create_index("ix_refused_event_last_at", ["last_at", "id"], unique=False)

    op.create_table(
        "merchant",
        sa.Column("mer_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("sign_method", sa.String(length=2), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_merchant_client_id")),
        sa.PrimaryKeyConstraint("mer_id", name=op.f("pk_merchant")),
        sa.UniqueConstraint("client_id", name=op.f("uq_merchant_client_id")),
    )
    op.create_table(
        "gateway_order",
        sa.Column("mer_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_gateway_order_application_id")),
        sa.ForeignKeyConstraint(["mer_id"], ["merchant.mer_id"], name=op.f("fk_gateway_order_mer_id")),
        sa.PrimaryKeyConstraint("mer_id", "order_id", name=op.f("pk_gateway_order")),
    )
    op.create_table(
        "bank_event",
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_bank_event_bank_code")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_bank_event_negotiation_id")),
        sa.PrimaryKeyConstraint("bank_code", "event_id", name=op.f("pk_bank_event")),
    )
    with op.batch_alter_table("bank_event", schema=None) as batch_op:
        batch_op.create_index("ix_bank_event_negotiation", ["negotiation_id"], unique=False)

    op.create_table(
        "client_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("negotiation_status", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_notice_client_id")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_client_notice_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_notice")),
    )
    with op.batch_alter_table("client_notice", schema=None) as batch_op:
        batch_op.create_index("ix_client_notice_client", ["client_id", "id"], unique=False)
        batch_op.create_index("ix_client_notice_bank_code", ["bank_code", "id"], unique=False)
        batch_op.create_index("ix_client_notice_negotiation", ["negotiation_id"], unique=False)
        batch_op.create_index(
            "ix_client_notice_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "operator_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=True),
        sa.Column("negotiation_id", sa.String(length=32), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_operator_task_bank_code")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_operator_task_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_task")),
        sa.UniqueConstraint("key", name=op.f("uq_operator_task_key")),
    )
    with op.batch_alter_table("operator_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_operator_task_open",
            ["raised_at", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    # Columns one by one: the rebuilding of a table, which SQLite needs for more, would touch what refers to it.
    op.add_column("client", sa.Column("notify_url", sa.String(length=500), nullable=True))
    op.add_column("client", sa.Column("notify_secret_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("delivery", sa.Column("in_process", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("delivery", sa.Column("batch_id", sa.String(length=32), nullable=True))
    op.create_index(
        "ix_delivery_batch",
        "delivery",
        ["batch_id"],
        unique=False,
        sqlite_where=sa.text("batch_id IS NOT NULL"),
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.execute("UPDATE delivery SET kind = 'negotiation.' || kind WHERE kind NOT LIKE 'negotiation.%'")


def downgrade() -> None:
    op.execute("UPDATE delivery SET kind = replace(kind, 'negotiation.', '') WHERE kind <> 'negotiation.submitted'")
    op.drop_index("ix_delivery_batch", "delivery")
    op.drop_column("delivery", "batch_id")
    op.drop_column("delivery", "in_process")
    op.drop_column("client", "notify_secret_sealed")
    op.drop_column("client", "notify_url")

    with op.batch_alter_table("operator_task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_operator_task_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("operator_task")
    with op.batch_alter_table("client_notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_client_notice_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_client_notice_negotiation")
        batch_op.drop_index("ix_client_notice_client")
        batch_op.drop_index("ix_client_notice_bank_code")

    op.drop_table("client_notice")
    with op.batch_alter_table("bank_event", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_event_negotiation")

    op.drop_table("bank_event")
    op.drop_table("gateway_order")
    op.drop_table("merchant")
    with op.batch_alter_table("refused_event", schema=None) as batch_op:
        batch_op.drop_index("ix_refused_event_last_at")

    op.drop_table("refused_event")
    op.drop_table("batch")
    op.drop_table("bank_line")
    op.drop_table("signing_key")
