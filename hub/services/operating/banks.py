"""Banks and other creditors as the operator sees them: adding, setting, opening and closing, listing."""

from collections.abc import Collection, Mapping

from hub.domain.bank import Bank
from hub.domain.clause_conflicts import require_no_conflict
from hub.domain.creditor import BANK_STANDING, Standing, read_standing, require_code, require_no_platform
from hub.domain.errors import InvalidValue, ServiceNotOffered, Unusable
from hub.domain.issuers import bank_key
from hub.domain.people import free_text
from hub.domain.service_request import Service
from hub.services.delivery import queueing
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.reading.operator.bank_settings import text_to_show
from hub.services.transaction import HubTransaction
from storage import agreements, banks, negotiations

_NAME_LIMIT = 100
# How much of changed settings a line of the audit holds, in characters.
_SPELT_LIMIT = 1_000
# What `change` takes beside the settings.
_ADAPTER, _NAMES, _TOLERANCE = "adapter", ("name_zh", "name_en"), "tolerance_fen"
_STANDING = ("kind", "licence_no", "regulator")


def add(
    tx: HubTransaction,
    *,
    code: str,
    name_zh: str,
    name_en: str,
    adapter: str,
    settings: Mapping[str, str],
    is_open: bool = True,
    standing: Standing = BANK_STANDING,
) -> Bank:
    """The creditor of that `standing` is there and, if it `is_open`, takes applications from now on.

    Raises `InvalidValue` for a code, name or setting that cannot be, and `Unusable` for a bank that is there
    already, under this code or another of the same institution.
    """
    require_code(code, standing.kind)
    names = [_name(name) for name in (name_zh, name_en)]
    tx.adapters.check_settings(adapter, settings)
    require_no_conflict(settings)
    there = banks.banks_by_key(tx).get(bank_key(code))
    if there is not None:
        raise Unusable(f"{there.name_en} is there already, as {there.code}; change it with `hub bank set {there.code}`")
    audit.note(tx, AuditKind.BANK_ADDED, code, creditor_kind=standing.kind, adapter=adapter, keys=sorted(settings))
    return banks.add_bank(
        tx,
        code=code,
        name_zh=names[0],
        name_en=names[1],
        adapter=adapter,
        settings=settings,
        secret=tx.adapters.secret_settings(adapter),
        is_open=is_open,
        standing=standing,
    )


def _name(text: str) -> str:
    name = free_text(text, limit=_NAME_LIMIT).strip()
    if not name:
        raise InvalidValue("name_required")
    require_no_platform(name)
    return name


def change(tx: HubTransaction, code: str, words: Mapping[str, str]) -> Bank:
    """`words` are in force beside what was set before; an empty one takes its key away, so the default holds.

    `name_zh`, `name_en`, `adapter` and what its standing is made of are among the words. What kind of creditor it is
    can change only while nobody ever negotiated with it: agreements are made by its kind. With another adapter the
    settings are checked as a whole, those that it does not take are gone, and what has not arrived yet goes on by it.
    Raises `NotFound`, and `InvalidValue` naming what is wrong or what it would lack; then nothing is changed.
    """
    bank = of_institution(tx, code)
    code = bank.code
    names = {"name_zh": bank.name_zh, "name_en": bank.name_en}
    names |= {name: _name(words[name]) for name in _NAMES if name in words}
    settings = {name: text for name, text in words.items() if name not in (_ADAPTER, *_NAMES, *_STANDING)}
    standing = _changed_standing(tx, bank, words)
    kind = words.get(_ADAPTER, bank.adapter)
    kept: Mapping[str, str] = bank.settings
    if kind != bank.adapter:
        kept = {name: text for name, text in bank.settings.items() if tx.adapters.takes(kind, name)}
        tx.adapters.check_settings(kind, {**kept, **settings}, beside={})
    else:
        tx.adapters.check_settings(kind, settings, beside=kept)
    require_no_conflict(settings)
    secret = tx.adapters.secret_settings(kind)
    before, after = (
        _spelt(each, words, secret | tx.adapters.secret_settings(bank.adapter))
        for each in ({**bank.settings, **_names_of(bank)}, words)
    )
    audit.note(tx, AuditKind.BANK_SET, code, bank_code=code, keys=sorted(words), before=before, after=after)
    if _TOLERANCE in words:
        agreements.follow_anew(tx, code)
    gone = dict.fromkeys(bank.settings.keys() - kept.keys(), "")
    if names != {"name_zh": bank.name_zh, "name_en": bank.name_en}:
        banks.set_names(tx, code, **names)
    if standing != bank.standing:
        banks.set_standing(tx, code, standing)
    if kind != bank.adapter:
        banks.set_adapter(tx, code, kind)
        queueing.go_on_by_another_way(tx, code)
    return banks.set_settings(tx, code, {**gone, **settings}, secret=secret)


def _changed_standing(tx: HubTransaction, bank: Bank, words: Mapping[str, str]) -> Standing:
    if not any(name in words for name in _STANDING):
        return bank.standing
    said = {name: words.get(name, text) for name, text in _standing_of(bank).items()}
    if words.get("kind", bank.kind) != bank.kind and "regulator" not in words:
        said["regulator"] = ""  # that of the new kind
    standing = read_standing(**said)
    if standing.kind is not bank.kind:
        require_code(bank.code, standing.kind)
        if negotiations.has_any_of_bank(tx, bank.code):
            raise InvalidValue("kind_in_use")
    return standing


def _standing_of(bank: Bank) -> dict[str, str]:
    standing = bank.standing
    return {"kind": standing.kind, "licence_no": standing.licence_no or "", "regulator": standing.regulator}


def _names_of(bank: Bank) -> dict[str, str]:
    return {"name_zh": bank.name_zh, "name_en": bank.name_en, _ADAPTER: bank.adapter, **_standing_of(bank)}


def _spelt(settings: Mapping[str, str], changed: Mapping[str, str], secret: Collection[str]) -> str | None:
    """What the changed settings are in `settings`, for the audit; nothing of a secret one, and no password in a URL."""
    texts = {name: text_to_show(name, settings[name], secret) for name in sorted(changed) if name in settings}
    return "; ".join(f"{name}={text}" for name, text in texts.items() if text is not None)[:_SPELT_LIMIT] or None


def open_or_close(tx: HubTransaction, code: str, *, is_open: bool) -> Bank:
    """The bank takes new applications, or none; what runs with it goes on either way. Raises `NotFound`."""
    code = of_institution(tx, code).code
    changed = banks.set_open(tx, code, is_open=is_open)
    audit.note(tx, AuditKind.BANK_OPENED if is_open else AuditKind.BANK_CLOSED, code, bank_code=code)
    return changed


def get(tx: HubTransaction, code: str) -> Bank:
    """The bank with exactly this code; raises `NotFound`."""
    return banks.get_bank(tx, code)


def require_service(tx: HubTransaction, code: str, service: Service) -> Bank:
    """The bank, which offers that service; raises `ServiceNotOffered`, and `NotFound` for a code of no bank."""
    bank = get(tx, code)
    if not bank.provides(service):
        raise ServiceNotOffered(f"{service} at {code}")
    return bank


def of_institution(tx: HubTransaction, code: str) -> Bank:
    """The bank that this code reaches, its card centre's or its own; raises `NotFound`."""
    return banks.of_institution(tx, code)


def list_all(tx: HubTransaction) -> list[Bank]:
    """All banks, the closed ones too, ordered by code."""
    return banks.list_banks(tx)
