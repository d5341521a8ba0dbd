"""What does not grow with the cases: the tables of banks, people at work and what they set, and the columns that name
their rows."""

from typing import Final

FEW: Final = frozenset(
    {
        *("bank", "client", "staff", "team", "place", "merchant", "referral_partner", "desk_template", "saved_view"),
        *("bank_line", "bank_tally", "answered_week", "calendar_notice", "worker_beat", "sealing_key", "signing_key"),
        *("passkey", "recovery_code", "bank_change"),
        # One a hour at the most.
        "log_head",
        # One for each thing that a person has to do.
        "operator_task",
    }
)
OF_FEW: Final = frozenset(
    {
        *("client_id", "launch_client_id", "owner_id", "staff_id", "team_id", "made_by", "asked_by", "decided_by"),
        *("template_id", "place_id"),
    }
)
