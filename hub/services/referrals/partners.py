"""The register of partners as an operator keeps it; each change is in the audit. No secret stands there."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from hub.banks.port import Http
from hub.banks.standard_webhooks import new_secret
from hub.domain.errors import Fault, InvalidValue, PartnerNotLicensed, Refused
from hub.domain.plain import Plain, to_plain
from hub.domain.referral_partner import KeptPartner, ReferralPartner
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import referral_partners as rows


def address_faults(http: Http, refuses: Callable[[str], bool], partner: ReferralPartner) -> list[Fault]:
    """What speaks against the address that is handed over to. `refuses` resolves names: in no transaction."""
    try:
        host = urlsplit(http.check_url(partner.handover_url)).hostname or ""
    except InvalidValue as error:
        return [Fault("/handover_url", error.code, {"key": "handover_url"})]
    refused = {"key": "handover_url", "host": host}
    return [Fault("/handover_url", "address_private", refused)] if refuses(host) else []


def add(tx: HubTransaction, partner: ReferralPartner) -> None:
    """The partner stands in the register; nobody is shown it before it has a secret. Raises `Refused`."""
    if not rows.add(tx, partner):
        raise Refused(Fault("/code", "partner_there"))
    audit.note(tx, AuditKind.PARTNER_ADDED, partner.code, keys=sorted(to_plain(partner)))


def change(tx: HubTransaction, partner: ReferralPartner) -> Sequence[str]:
    """The partner of that code is this from now on; gives what changed. Raises `NotFound`."""
    changed = changes(tx, partner)
    if changed:
        rows.save(tx, partner)
        audit.note(tx, AuditKind.PARTNER_SET, partner.code, keys=[*changed])
    return changed


def changes(tx: HubTransaction, partner: ReferralPartner) -> Sequence[str]:
    """Names of what is other than the register has it; raises `NotFound`."""
    before, after = to_plain(rows.get(tx, partner.code).partner), to_plain(partner)
    return [name for name in after if before[name] != after[name]]


def switch(tx: HubTransaction, code: str, *, is_off: bool) -> None:
    """The partner is shown to nobody and given nothing any more, or is again; raises `NotFound`.

    What it has already stays with it; what waits for it waits. Twice changes nothing.
    """
    if (rows.get(tx, code).off_at is not None) is is_off:
        return
    rows.set_off(tx, code, is_off=is_off)
    audit.note(tx, AuditKind.PARTNER_OFF if is_off else AuditKind.PARTNER_ON, code)


def renew_secret(tx: HubTransaction, code: str) -> str:
    """A new secret, told this once; raises `NotFound`."""
    secret = new_secret()
    rows.set_secret(tx, code, secret)
    audit.note(tx, AuditKind.PARTNER_RENEWED, code)
    return secret


def offered(tx: HubTransaction) -> list[KeptPartner]:
    """The partners that people are shown, by name and by nothing else."""
    return [each for each in rows.list_all(tx) if each.is_offered]


def require_offered(tx: HubTransaction, code: str) -> ReferralPartner:
    """The partner, where people are shown it; raises `PartnerNotLicensed`."""
    kept = rows.find(tx, code)
    if kept is None or not kept.is_offered:
        raise PartnerNotLicensed(code)
    return kept.partner


def list_all(tx: HubTransaction) -> list[KeptPartner]:
    """Every partner by its name, switched off or not."""
    return rows.list_all(tx)


def get(tx: HubTransaction, code: str) -> KeptPartner:
    """The partner of that code; raises `NotFound`."""
    return rows.get(tx, code)


def plain(kept: KeptPartner) -> Plain:
    """The partner as commands print it."""
    return {**to_plain(kept.partner), "off": kept.off_at is not None, "has_secret": kept.has_secret}
