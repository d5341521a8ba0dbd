"""Make the first tables, and keep the two logs append-only."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import statements, undo_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LOGS = ("log_entry", "access_entry")


def upgrade() -> None:
    op.create_table(
        "answered_call",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name=op.f("pk_answered_call")),
    )
    with op.batch_alter_table("answered_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answered_call_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "bank",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("adapter", sa.String(length=40), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bank")),
    )
    op.create_table(
        "calendar_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=100), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("work", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_notice")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("owner_index", name=op.f("uq_draft_owner_index")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mobile_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_code_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_sign_in_code_mobile", ["mobile_index", "sent_at"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_client_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("name", name=op.f("uq_client_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=40), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("tf_last_counter", sa.BigInteger(), nullable=True),
        sa.Column("enrolment_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("enrolment_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_staff_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
        sa.UniqueConstraint("enrolment_digest", name=op.f("uq_staff_enrolment_digest")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_fs_uniquifier")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_bank_code"), ["bank_code"], unique=False)

    op.create_table(
        "access_token",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_access_token_client_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_access_token")),
    )
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_token_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mobile_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_application_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_person_index"), ["person_index"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("store_name", sa.String(length=64), nullable=False),
        sa.Column("file_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_evidence_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("store_name", name=op.f("uq_evidence_store_name")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_checking",
            ["uploaded_at"],
            unique=False,
            sqlite_where=sa.text("status = 'checking'"),
            postgresql_where=sa.text("status = 'checking'"),
        )

    op.create_table(
        "launch",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_launch_client_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_launch")),
    )
    with op.batch_alter_table("launch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_launch_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "page_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_page_session_staff_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_page_session")),
    )
    with op.batch_alter_table("page_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_session_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "negotiation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mobile_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reached_bank_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correct_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log_length", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_negotiation_application_id")),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_negotiation_bank_code")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_negotiation_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation")),
        sa.UniqueConstraint("reference", name=op.f("uq_negotiation_reference")),
    )
    with op.batch_alter_table("negotiation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_negotiation_application_id"), ["application_id"], unique=False)
        batch_op.create_index("ix_negotiation_bank_status", ["bank_code", "status", "due_at", "id"], unique=False)
        batch_op.create_index("ix_negotiation_client", ["client_id", "id"], unique=False)
        batch_op.create_index(
            "ix_negotiation_correct_by",
            ["correct_by"],
            unique=False,
            sqlite_where=sa.text("correct_by IS NOT NULL"),
            postgresql_where=sa.text("correct_by IS NOT NULL"),
        )
        batch_op.create_index("ix_negotiation_mobile", ["mobile_index", "id"], unique=False)
        batch_op.create_index("ix_negotiation_person", ["person_index", "id"], unique=False)
        batch_op.create_index(
            "ix_negotiation_queue",
            ["bank_code", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text(
                "reached_bank_at IS NOT NULL AND status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
            postgresql_where=sa.text(
                "reached_bank_at IS NOT NULL AND status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
        )
        batch_op.create_index(
            "ix_negotiation_screening",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("status = 'screening'"),
            postgresql_where=sa.text("status = 'screening'"),
        )
        batch_op.create_index("ix_negotiation_subject", ["client_id", "subject_index", "id"], unique=False)
        batch_op.create_index(
            "uq_negotiation_open_person_bank",
            ["person_index", "bank_code"],
            unique=True,
            sqlite_where=sa.text(
                "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
            postgresql_where=sa.text(
                "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
        )

    op.create_table(
        "access_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_access_entry_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.create_index("ix_access_entry_bank_code", ["bank_code", "negotiation_id", "at"], unique=False)

    op.create_table(
        "clock",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_days", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.String(length=5), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breach_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_clock_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_clock_delivery_id")),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index("ix_clock_bank_code", ["bank_code", "due_at", "id"], unique=False)
        batch_op.create_index("ix_clock_negotiation", ["negotiation_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_clock_remind",
            ["remind_at", "id"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_clock_running",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL AND ended_at IS NULL AND breach_noted_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND ended_at IS NULL AND breach_noted_at IS NULL"),
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("through", sa.String(length=40), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_delivery_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_bank_code", ["bank_code", "status"], unique=False)
        batch_op.create_index("ix_delivery_negotiation", ["negotiation_id", "queued_at"], unique=False)
        batch_op.create_index(
            "ix_delivery_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("store_name", sa.String(length=64), nullable=False),
        sa.Column("file_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_document_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("negotiation_id", "kind", "version", name=op.f("uq_document_negotiation_id_kind_version")),
        sa.UniqueConstraint("store_name", name=op.f("uq_document_store_name")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_bank_code", ["bank_code", "negotiation_id"], unique=False)

    op.create_table(
        "evidence_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=op.f("fk_evidence_request_negotiation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_request")),
    )
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_request_bank_code", ["bank_code", "negotiation_id"], unique=False)
        batch_op.create_index("ix_evidence_request_negotiation", ["negotiation_id", "asked_at"], unique=False)
        batch_op.create_index(
            "ix_evidence_request_open",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
        )

    op.create_table(
        "given_evidence",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_given_evidence_evidence_id")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_given_evidence_negotiation_id")),
        sa.PrimaryKeyConstraint("negotiation_id", "evidence_id", "version", name=op.f("pk_given_evidence")),
    )
    with op.batch_alter_table("given_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_given_evidence_bank_code", ["bank_code", "negotiation_id"], unique=False)
        batch_op.create_index("ix_given_evidence_evidence_id", ["evidence_id"], unique=False)

    op.create_table(
        "log_entry",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
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
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_log_entry_negotiation_id")),
        sa.PrimaryKeyConstraint("negotiation_id", "sequence", name=op.f("pk_log_entry")),
    )
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.create_index("ix_log_entry_bank_code", ["bank_code", "negotiation_id", "sequence"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("tells", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_mail_negotiation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mail_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_bank_code", ["bank_code", "negotiation_id"], unique=False)
        batch_op.create_index(
            "ix_mail_failed",
            ["bank_code", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'failed'"),
            postgresql_where=sa.text("status = 'failed'"),
        )
        batch_op.create_index("ix_mail_negotiation", ["negotiation_id", "id"], unique=False)
        batch_op.create_index(
            "ix_mail_waiting",
            ["next_try_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("balances_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("annual_cost", sa.JSON(), nullable=True),
        sa.Column("oral", sa.Boolean(), nullable=False),
        sa.Column("recording_reference", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_offer_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_bank_code", ["bank_code", "status"], unique=False)
        batch_op.create_index("ix_offer_negotiation", ["negotiation_id", "made_at"], unique=False)
        batch_op.create_index(
            "ix_offer_open",
            ["valid_until"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "submission",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_submission_negotiation_id")),
        sa.PrimaryKeyConstraint("negotiation_id", "version", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_bank_code", ["bank_code", "negotiation_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collection_held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_agreement_negotiation_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_agreement_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_agreement_number")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_agreement_offer_id")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_bank_code", ["bank_code", "status"], unique=False)
        batch_op.create_index(
            "uq_agreement_in_force",
            ["negotiation_id"],
            unique=True,
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        )

    op.create_table(
        "confirmation_code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_confirmation_code_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_code")),
    )
    with op.batch_alter_table("confirmation_code", schema=None) as batch_op:
        batch_op.create_index("ix_confirmation_code_bank_code", ["bank_code"], unique=False)
        batch_op.create_index("ix_confirmation_code_negotiation", ["negotiation_id", "sent_at"], unique=False)
        batch_op.create_index("ix_confirmation_code_offer", ["offer_id", "sent_at"], unique=False)

    op.create_table(
        "log_content",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "sequence"],
            ["log_entry.negotiation_id", "log_entry.sequence"],
            name=op.f("fk_log_content_negotiation_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("negotiation_id", "sequence", name=op.f("pk_log_content")),
    )
    with op.batch_alter_table("log_content", schema=None) as batch_op:
        batch_op.create_index("ix_log_content_bank_code", ["bank_code", "negotiation_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_payment_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_agreement", ["agreement_id", "number"], unique=False)
        batch_op.create_index("ix_payment_bank_code", ["bank_code", "agreement_id"], unique=False)

    for statement in statements(op.get_bind().dialect.name, _LOGS):
        op.execute(statement)


def downgrade() -> None:
    for statement in undo_statements(op.get_bind().dialect.name, _LOGS):
        op.execute(statement)
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_bank_code")
        batch_op.drop_index("ix_payment_agreement")

    op.drop_table("payment")
    with op.batch_alter_table("log_content", schema=None) as batch_op:
        batch_op.drop_index("ix_log_content_bank_code")

    op.drop_table("log_content")
    with op.batch_alter_table("confirmation_code", schema=None) as batch_op:
        batch_op.drop_index("ix_confirmation_code_offer")
        batch_op.drop_index("ix_confirmation_code_negotiation")
        batch_op.drop_index("ix_confirmation_code_bank_code")

    op.drop_table("confirmation_code")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agreement_in_force",
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        )
        batch_op.drop_index("ix_agreement_bank_code")

    op.drop_table("agreement")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_bank_code")

    op.drop_table("submission")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_offer_open", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )
        batch_op.drop_index("ix_offer_negotiation")
        batch_op.drop_index("ix_offer_bank_code")

    op.drop_table("offer")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mail_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_mail_negotiation")
        batch_op.drop_index(
            "ix_mail_failed", sqlite_where=sa.text("status = 'failed'"), postgresql_where=sa.text("status = 'failed'")
        )
        batch_op.drop_index("ix_mail_bank_code")

    op.drop_table("mail")
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_log_entry_bank_code")

    op.drop_table("log_entry")
    with op.batch_alter_table("given_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_given_evidence_evidence_id")
        batch_op.drop_index("ix_given_evidence_bank_code")

    op.drop_table("given_evidence")
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_evidence_request_open",
            sqlite_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
        )
        batch_op.drop_index("ix_evidence_request_negotiation")
        batch_op.drop_index("ix_evidence_request_bank_code")

    op.drop_table("evidence_request")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_bank_code")

    op.drop_table("document")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_delivery_negotiation")
        batch_op.drop_index("ix_delivery_bank_code")

    op.drop_table("delivery")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_clock_running",
            sqlite_where=sa.text("answered_at IS NULL AND ended_at IS NULL AND breach_noted_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND ended_at IS NULL AND breach_noted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_clock_remind",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_clock_negotiation")
        batch_op.drop_index("ix_clock_bank_code")

    op.drop_table("clock")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_access_entry_bank_code")

    op.drop_table("access_entry")
    with op.batch_alter_table("negotiation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_negotiation_open_person_bank",
            sqlite_where=sa.text(
                "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
            postgresql_where=sa.text(
                "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
        )
        batch_op.drop_index("ix_negotiation_subject")
        batch_op.drop_index(
            "ix_negotiation_screening",
            sqlite_where=sa.text("status = 'screening'"),
            postgresql_where=sa.text("status = 'screening'"),
        )
        batch_op.drop_index(
            "ix_negotiation_queue",
            sqlite_where=sa.text(
                "reached_bank_at IS NOT NULL AND status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
            postgresql_where=sa.text(
                "reached_bank_at IS NOT NULL AND status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
            ),
        )
        batch_op.drop_index("ix_negotiation_person")
        batch_op.drop_index("ix_negotiation_mobile")
        batch_op.drop_index(
            "ix_negotiation_correct_by",
            sqlite_where=sa.text("correct_by IS NOT NULL"),
            postgresql_where=sa.text("correct_by IS NOT NULL"),
        )
        batch_op.drop_index("ix_negotiation_client")
        batch_op.drop_index("ix_negotiation_bank_status")
        batch_op.drop_index(batch_op.f("ix_negotiation_application_id"))

    op.drop_table("negotiation")
    with op.batch_alter_table("page_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_session_staff_id"))
        batch_op.drop_index(batch_op.f("ix_page_session_ends_at"))

    op.drop_table("page_session")
    with op.batch_alter_table("launch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_launch_expires_at"))

    op.drop_table("launch")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_evidence_checking",
            sqlite_where=sa.text("status = 'checking'"),
            postgresql_where=sa.text("status = 'checking'"),
        )

    op.drop_table("evidence")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_person_index"))

    op.drop_table("application")
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_token_expires_at"))

    op.drop_table("access_token")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_bank_code"))

    op.drop_table("staff")
    op.drop_table("client")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_code_mobile")
        batch_op.drop_index(batch_op.f("ix_sign_in_code_expires_at"))

    op.drop_table("sign_in_code")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_expires_at"))

    op.drop_table("draft")
    op.drop_table("calendar_notice")
    op.drop_table("bank")
    with op.batch_alter_table("answered_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_call_answered_at"))

    op.drop_table("answered_call")
