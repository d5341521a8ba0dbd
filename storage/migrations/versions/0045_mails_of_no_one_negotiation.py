"""Let mails be about no one negotiation, and hand over what is sealed until then."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_INDEX = "ix_mail_sent_to_bank"


def upgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.add_column(sa.Column("token_sealed", sa.LargeBinary(), nullable=True))
    sent = sa.text("status = 'sent' AND reader <> 'cardholder'")
    op.create_index(_INDEX, "mail", ["bank_code", "reader", "sent_at"], sqlite_where=sent, postgresql_where=sent)


def downgrade() -> None:
    op.drop_index(_INDEX, "mail")
    op.execute("DELETE FROM mail WHERE negotiation_id IS NULL")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("token_sealed")
        batch_op.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=False)
