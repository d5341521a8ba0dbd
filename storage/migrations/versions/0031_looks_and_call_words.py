"""Keep how far each person has read a negotiation, and the word that its bank says when it calls them."""

import secrets

import sqlalchemy as sa
from alembic import op

from hub.domain.call_word import CallWord
from hub.domain.lifecycle import OPEN, Status

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_NEGOTIATION = sa.table("negotiation", sa.column("id"), sa.column("status"), sa.column("call_word"))


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_look_negotiation_id")),
        sa.PrimaryKeyConstraint("negotiation_id", "owner", name=op.f("pk_look")),
    )
    op.create_index("ix_look_bank_code", "look", ["bank_code", "negotiation_id"])
    op.add_column("negotiation", sa.Column("call_word", sa.String(length=20), nullable=True))
    connection = op.get_bind()
    # A bank goes on calling while something is open or being paid.
    called = sa.select(_NEGOTIATION.c.id).where(_NEGOTIATION.c.status.in_([*OPEN, Status.AGREED]))
    words = [{"row": row, "word": str(CallWord.drawn(secrets.randbelow))} for row in connection.scalars(called)]
    if words:
        change = sa.update(_NEGOTIATION).where(_NEGOTIATION.c.id == sa.bindparam("row"))
        connection.execute(change.values(call_word=sa.bindparam("word")), words)


def downgrade() -> None:
    op.drop_column("negotiation", "call_word")
    op.drop_table("look")
