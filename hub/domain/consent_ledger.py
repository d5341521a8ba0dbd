"""The ledger of consents: what was given and taken back, and what may still be handed on to a bank then.

A consent is taken back as easily as it was given (Personal Information Protection Law, article 15). What was done
before stays lawful; nothing more is done on its ground.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.application import Consent
from hub.domain.consent import Purpose, is_given_since
from hub.domain.errors import Fault, Refused
from hub.domain.evidence import FAMILY_KINDS, MEDICAL_KINDS, EvidenceKind

CONSENT_WITHDRAWN = "consent_withdrawn"
"""Why a negotiation ended that had not reached its bank when the consent was taken back."""

# Without one of these a bank is given nothing at all: it may neither have the file nor read what it is about.
FOR_ALL_OF_IT = frozenset({Purpose.SHARE_WITH_BANK, Purpose.SENSITIVE_DATA})
WITHDRAWABLE = frozenset(Purpose) - {Purpose.TRUTHFUL}
_KINDS: Mapping[Purpose, frozenset[EvidenceKind]] = {
    Purpose.MEDICAL_DATA: MEDICAL_KINDS,
    Purpose.FAMILY_DATA: FAMILY_KINDS,
}


class Door(StrEnum):
    """By which way a consent came, or was taken back."""

    PAGE = "page"
    HOST_APP = "host_app"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConsent:
    """One consent in the ledger. `evidence_id` names the file where it is about files, and is None otherwise.

    `sha256` is of the text that was shown in that version. `noted_at`: when the hub took it down.
    """

    purpose: Purpose
    version: str
    sha256: str
    given_at: datetime
    noted_at: datetime
    door: Door
    evidence_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """When a purpose was taken back, and by which door."""

    purpose: Purpose
    at: datetime
    door: Door


def is_given_anew(given: GivenConsent, withdrawal: Withdrawal | None) -> bool:
    """Whether the consent was given and taken down after the purpose was taken back."""
    # A host app's clock may be ahead of the hub's: what stood in the ledger when it was taken back is taken back.
    return withdrawal is not None and is_given_since(min(given.given_at, given.noted_at), withdrawal.at)


def entries_of(consents: Iterable[Consent], files: Iterable[tuple[str, str]]) -> list[tuple[Consent, str | None]]:
    """The consents as the ledger lists them: one about files once for each of `files`, (id, kind), that it covers."""
    listed = list(files)
    found: list[tuple[Consent, str | None]] = []
    for consent in consents:
        kinds = kinds_about(Purpose(consent.purpose), [kind for _, kind in listed])
        covered = [id_ for id_, kind in listed if kind in kinds]
        found += [(consent, each) for each in covered] or [(consent, None)]
    return found


def kinds_about(purpose: Purpose, kinds: Iterable[str]) -> frozenset[str]:
    """Of `kinds` those that the purpose is about.

    A declaration for the family that comes without a paper of the family's own is about the medical papers: those are
    somebody else's then.
    """
    given = frozenset(kinds)
    own = given & _KINDS.get(purpose, frozenset())
    if purpose is Purpose.FAMILY_DATA and not own:
        return given & MEDICAL_KINDS
    return own


def withdrawable(purpose: str, given: Iterable[str]) -> Purpose:
    """The purpose, where it can be taken back; raises `Refused` for a statement of fact and for one never given."""
    asked = Purpose(purpose)
    if asked not in WITHDRAWABLE:
        raise Refused(Fault("/purpose", "statement_stays"))
    if asked not in set(given):
        raise Refused(Fault("/purpose", "consent_not_given"))
    return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What a bank is no longer given. `everything` is the whole case, else the files of `kinds` and with these ids.

    `anew` are the ids of files of those kinds that came with a consent given after the one that was taken back.
    """

    everything: bool = False
    kinds: frozenset[str] = frozenset()
    evidence_ids: frozenset[str] = frozenset()
    anew: frozenset[str] = frozenset()

    def holds(self, evidence_id: str, kind: str) -> bool:
        """Whether the file is kept back. What the bank gave itself, like the recording of a call, never is."""
        if kind not in set(EvidenceKind):
            return False
        if self.everything or evidence_id in self.evidence_ids:
            return True
        return kind in self.kinds and evidence_id not in self.anew


def withheld_in(given: Iterable[GivenConsent], withdrawn: Mapping[Purpose, Withdrawal]) -> Withheld:
    """What is kept back of a negotiation whose ledger says that, each purpose with its last withdrawal.

    A consent that is given anew is about the files that come with it: those of before stay where they are.
    """
    about = [each for each in given if each.evidence_id is not None and each.purpose in withdrawn]
    anew = {(each.purpose, each.evidence_id) for each in about if is_given_anew(each, withdrawn[each.purpose])}
    return withheld_after(
        withdrawn,
        [each.evidence_id for each in about if each.evidence_id and (each.purpose, each.evidence_id) not in anew],
        [id_ for _, id_ in anew if id_],
    )


def withheld_after(
    withdrawn: Iterable[Purpose], evidence_ids: Iterable[str] = (), anew: Iterable[str] = ()
) -> Withheld:
    """What is kept back once these purposes are taken back; `evidence_ids` are the files that the ledger has for them.

    Kinds are named beside the files, since one that came later needs the consent as much,
    unless it came with one `anew`.
    """
    purposes = frozenset(withdrawn)
    kinds = [_KINDS.get(each, frozenset()) for each in purposes]
    return Withheld(
        everything=bool(purposes & FOR_ALL_OF_IT),
        kinds=frozenset(str(kind) for each in kinds for kind in each),
        evidence_ids=frozenset(evidence_ids),
        anew=frozenset(anew),
    )
