"""What a bank may change of its settings itself, and which of it loosens a control.

Whatever loosens who looks at an offer, or says who gets in, counts only once a second person has confirmed it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import time
from enum import StrEnum
from typing import Final

from hub.domain.bank import BankRules
from hub.domain.bank_settings import read_rules
from hub.domain.clauses import CLAUSE_TITLES
from hub.domain.errors import Fault, InvalidValue
from hub.domain.people import free_text
from hub.domain.staff import Role


class ChangeStatus(StrEnum):
    """How far a change is."""

    ASKED = "asked"  # waits for a second person
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # taken back by whoever asked, or asked anew


CONTACT: Final = ("hotline", "hotline_hours", "calls_from", "complaint_channel", "office_address", "office_phone")
MAILS: Final = ("desk_email", "daily_digest", "mail_brackets")
LIMITS: Final = ("offer_days", "max_counter_offers", "pause_on_evidence", "four_eyes_above_fen", "approval_levels")
TEXTS: Final = ("payment_instructions", "default_clause", "clearance_text", *CLAUSE_TITLES)
SERVICES: Final = ("services",)
CARD: Final = ("card_minimum_percent", "card_floor_fen", "card_daily_rate_percent", "card_late_fee_percent")
"""How the bank reckons on its cards, which whoever works out what a debt costs can start from."""
INSTALMENTS: Final = ("instalment_day_count", "instalment_partial_refund")
"""How the bank reckons where an instalment deal ends early."""
SIGN_ON: Final = (
    "sign_on_issuer",
    "sign_on_client_id",
    "sign_on_claim",
    "sign_on_domains",
    "sign_on_second_factor",
    "sign_on_acr",
)
SECRET: Final = "sign_on_secret"  # noqa: S105 - a name, no secret
"""No rule, and nobody is shown it: it can be put in the place of the one before, at once."""
SECRET_SET, SECRET_RENEWED = "set", "renewed"
"""What stands for the secret in a record of changes."""
OWN_KEYS: Final = (*CONTACT, *MAILS, *LIMITS, *SERVICES, *CARD, *INSTALMENTS, *TEXTS, *SIGN_ON)
CONTROLS: Final = frozenset({"four_eyes_above_fen", "approval_levels"})
LONG: Final = frozenset({*TEXTS, "complaint_channel"})
"""What may have more than one line."""
MOST_TEXT: Final = 10_000
MOST_LINE: Final = 200


def setting_faults(words: Mapping[str, str]) -> list[Fault]:
    """What is wrong with `words` as words: what a bank may not set, what is too long, or not seen as it is."""
    faults = [Fault(f"/{key}", "setting_not_own", {"key": key}) for key in words if key not in (*OWN_KEYS, SECRET)]
    for key, text in words.items():
        try:
            free_text(text, limit=MOST_TEXT if key in LONG else MOST_LINE)
        except InvalidValue as error:
            faults.append(error.at(f"/{key}"))
        else:
            if key not in LONG and len(text.strip().splitlines()) > 1:
                faults.append(Fault(f"/{key}", "text_characters"))
    return faults


def text_of(rules: BankRules, key: str) -> str:
    """The value of that key as its reader takes it, the default where nothing was set."""
    value = getattr(rules, key)
    if value is None:
        return ""
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, tuple):
        return ("," if key in SERVICES else " ").join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def changed(rules: BankRules, words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """(before, after) of each of `words` that says another thing than `rules`; an empty one asks for the default."""
    default = BankRules()
    found = {}
    for key, text in words.items():
        before, after = text_of(rules, key), text.strip() or text_of(default, key)
        if before != after:
            found[key] = (before, after)
    return found


def needing_confirmation(
    rules: BankRules, settings: Mapping[str, str], found: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Those of `found` that a second person confirms; `settings` are all the bank has set so far.

    Of a sign-on that is everything but to end it: whoever names the provider says who gets in.
    """
    controls = {key: pair for key, pair in found.items() if key in CONTROLS}
    whole = {**settings, **{key: after for key, (_, after) in controls.items()}}
    waits = controls if controls and loosened(rules, whole) else {}
    ends_sign_on = found.get("sign_on_issuer", ("", "-"))[1] == ""
    return waits if ends_sign_on else {**waits, **{key: pair for key, pair in found.items() if key in SIGN_ON}}


def concern_the_same(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether changes of these keys would be confirmed against each other."""
    return any(not part.isdisjoint(first) and not part.isdisjoint(second) for part in (CONTROLS, frozenset(SIGN_ON)))


def loosened(rules: BankRules, settings: Mapping[str, str]) -> bool:
    """Whether under `settings` an offer of some size would be looked at by fewer, or others, than under `rules`."""
    after = read_rules(settings)
    if after.approval_levels.waived_principal_up < rules.approval_levels.waived_principal_up:
        return True
    sizes = {above + 1 for each in (rules, after) for above in _thresholds(each)}
    return any(_roles(rules, size) - _roles(after, size) for size in sizes)


def _thresholds(rules: BankRules) -> set[int]:
    return {rules.four_eyes_above_fen, *(each.above_fen for each in rules.approval_levels.levels)}


def _roles(rules: BankRules, size_fen: int) -> Counter[Role]:
    """Who looks at an offer of that size, as `approval.approvals_needed` has it."""
    asked = Counter(each.role for each in rules.approval_levels.levels if size_fen > each.above_fen)
    if not asked and size_fen > rules.four_eyes_above_fen:
        asked[Role.SUPERVISOR] = 1
    return asked
