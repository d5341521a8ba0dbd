"""Keep licensed partners, referrals to them, what they were told and answered, and the consents to that."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import drop_statements, statements

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("referral_consent", "referral_revocation")
_OF_PARTNERS = ("referral_answer", "referral_message", "referral")


def upgrade() -> None:
    op.create_table(
        "referral_partner",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("licence_no", sa.String(length=80), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("max_annual_percent", sa.String(length=8), nullable=False),
        sa.Column("example_principal_fen", sa.BigInteger(), nullable=False),
        sa.Column("example_cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("example_months", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("handover_url", sa.String(length=500), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral_partner")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("partner_code", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_code"], ["referral_partner.code"], name=op.f("fk_referral_partner_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_owner", "referral", ["owner_index", "client_id", "id"])
    op.create_index("ix_referral_partner_code", "referral", ["partner_code", "status"])
    op.create_index(op.f("ix_referral_expires_at"), "referral", ["expires_at"])
    there = sa.text("lapses_at IS NOT NULL")
    op.create_index("ix_referral_lapses_at", "referral", ["lapses_at"], sqlite_where=there, postgresql_where=there)
    _make_messages()
    _make_ledger()


def _make_messages() -> None:
    op.create_table(
        "referral_message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("referral_id", sa.String(length=32), nullable=False),
        sa.Column("partner_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_code"], ["referral_partner.code"], name=op.f("fk_referral_message_partner_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_message")),
    )
    op.create_index(op.f("ix_referral_message_referral_id"), "referral_message", ["referral_id"])
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "ix_referral_message_waiting",
        "referral_message",
        ["next_try_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "referral_answer",
        sa.Column("partner_code", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.Column("referral_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_code"], ["referral_partner.code"], name=op.f("fk_referral_answer_partner_code")
        ),
        sa.PrimaryKeyConstraint("partner_code", "event_id", name=op.f("pk_referral_answer")),
    )


def _make_ledger() -> None:
    op.create_table(
        "referral_consent",
        sa.Column("referral_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_consent")),
    )
    op.create_table(
        "referral_revocation",
        sa.Column("referral_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_revocation")),
    )
    for statement in statements(op.get_bind().dialect.name, _APPEND_ONLY):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements(op.get_bind().dialect.name, _APPEND_ONLY):
        op.execute(statement)
    for table in (*_APPEND_ONLY, *_OF_PARTNERS, "referral_partner"):
        op.drop_table(table)
