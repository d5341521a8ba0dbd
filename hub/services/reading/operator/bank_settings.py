"""The settings of a bank as they may be shown; secrets are never."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from hub.domain.bank import Bank, BankRules
from hub.domain.bank_settings import READERS

_SECRET = re.compile(r"secret|password|passphrase|private|token")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a bank as it may be shown. `text` is None for a secret; `is_set` is False for a default."""

    name: str
    text: str | None
    is_set: bool


def settings_of(bank: Bank) -> list[Setting]:
    """Every setting in force: the common ones in their order, then the adapter's own; secrets without their text."""
    common = [_setting(bank, name, _default(name)) for name in READERS]
    own = [_setting(bank, name, "") for name in sorted(bank.settings) if name not in READERS]
    return common + own


def is_hidden(bank: Bank, name: str) -> bool:
    """Whether the setting is shown to nobody: it is secret, or its name says so."""
    return _is_hidden(name, bank.secret)


def text_to_show(name: str, text: str, secret: Collection[str]) -> str | None:
    """`text` of the setting without what opens a door in it; None where the setting is shown to nobody."""
    return None if _is_hidden(name, secret) else _CREDENTIALS.sub("…@", text)


def _is_hidden(name: str, secret: Collection[str]) -> bool:
    return name in secret or _SECRET.search(name) is not None


def _setting(bank: Bank, name: str, default: str) -> Setting:
    is_set = name in bank.settings
    text = bank.settings[name] if is_set else default
    return Setting(name=name, text=text_to_show(name, text, bank.secret), is_set=is_set)


def _default(name: str) -> str:
    value = getattr(BankRules(), name)
    if value is None:
        return ""
    match name:
        case "closes_at":
            return str(value.isoformat("minutes"))
        case "give_up_after":
            return f"{value.days}d"
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
