"""What a negotiation's log commits to by digest, as files of its whole record that can be checked against the log.

A file holds the contents in their one spelling; `salts.json` holds the salts. What was erased is not there.
"""

from collections.abc import Iterator, Mapping, Sequence

from hub.domain.consent import text_of
from hub.domain.plain import Plain, canonical, to_plain
from hub.services.agreements.payments import payment_report
from hub.services.log_heads.proving import proof_of
from hub.services.negotiations import commitments, offer_contents
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, communications, content_salts, offers, payments, submissions
from storage.records import NegotiationRecord


def contents_of(tx: HubTransaction, negotiation: NegotiationRecord, heads: Sequence[int] = ()) -> Mapping[str, bytes]:
    """Each file's bytes by its name in the record; `heads` are numbers of those that somebody has kept."""
    versions = submissions.plain_versions(tx, negotiation.id)
    files = {name: canonical(content) for name, content in _contents(tx, negotiation, versions)}
    files |= _consents(versions)
    salts = content_salts.list_of(tx, negotiation.id, negotiation.bank_code)
    if salts:
        files["salts.json"] = canonical({f"{kind}/{id_}": salt.hex() for (kind, id_), salt in salts.items()})
    proof = proof_of(tx, negotiation.id, heads)
    if proof is not None:
        files["log-proof.json"] = canonical(proof)
    return files


def _contents(
    tx: HubTransaction, negotiation: NegotiationRecord, versions: Sequence[Plain]
) -> Iterator[tuple[str, Plain]]:
    for version, content in enumerate(versions, start=1):
        is_newest = version == len(versions)
        yield "submission.json" if is_newest else f"earlier-submissions/{version}.json", content
    # An offer that waits for its approval was never said: no entry names it.
    said = {id_ for _, id_ in communications.attachments_of(tx, negotiation.id, (commitments.OFFER,))}
    for offer in offers.list_offers(tx, negotiation.id):
        if offer.id in said:
            yield f"offers/{offer.id}.json", offer_contents.signed_part(tx, offer)
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None:
        return
    yield "agreement.json", agreements.contents_of(tx, agreement)
    for payment in payments.list_of(tx, agreement.id):
        yield f"payments/{payment.id}.json", payment_report(payment.number, payments.said_of(tx, payment))
    for amendment in amendments.list_of(tx, agreement.id):
        contents = amendments.contents_of(tx, amendment)
        if contents is not None:
            yield f"amendment-contents/{amendment.id}.json", to_plain(contents)


def _consents(versions: Sequence[Plain]) -> dict[str, bytes]:
    """The words of every consent that the submissions name, spelt so that their digest is the published one."""
    named = {(each["purpose"], each["version"]) for content in versions for each in content["consents"]}
    texts = [text for purpose, version in sorted(named) if (text := text_of(purpose, version)) is not None]
    return {f"consents/{each.purpose}.{each.version}.txt": f"{each.zh}\n{each.en}".encode() for each in texts}
