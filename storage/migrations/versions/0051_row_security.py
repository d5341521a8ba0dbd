"""Let PostgreSQL itself keep the rows of one bank from another: the second wall."""

from alembic import op

from storage import row_security

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TABLES = (
    "access_entry",
    "agreement",
    "amendment",
    "answered_week",
    "application",
    "assignment",
    "audit_entry",
    "bank",
    "bank_change",
    "bank_event",
    "bank_line",
    "bank_tally",
    "batch",
    "case_note",
    "case_presence",
    "clearance",
    "client",
    "client_notice",
    "clock",
    "collection_hold",
    "collection_report",
    "confirmation_code",
    "credit_note",
    "delivery",
    "desk_template",
    "document",
    "evidence_check",
    "evidence_request",
    "evidenced_figure",
    "export",
    "given_evidence",
    "log_content",
    "log_entry",
    "look",
    "mail",
    "negotiation",
    "offer",
    "operator_task",
    "page_session",
    "passkey",
    "payment",
    "proposed_account",
    "recovery_code",
    "refused_event",
    "saved_view",
    "search_key",
    "staff",
    "submission",
    "team",
)


def upgrade() -> None:
    for statement in row_security.statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)


def downgrade() -> None:
    for statement in row_security.undo_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)
