"""Through the whole life of a negotiation, nothing personal stands anywhere in the clear: rows, files, jobs."""

from dataclasses import replace
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.correspondence import CallRecord
from hub.domain.evidence import EvidenceKind
from hub.domain.review import Rejection, RejectionReason
from hub.domain.staff import Role
from hub.services.accounts import clients, staff, staff_sign_in
from hub.services.agreements import collection
from hub.services.negotiations import correspondence, review
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.settings import Settings
from hub.wiring import Hub
from storage import clients as client_rows
from storage import communications, content_salts
from storage.clients import add_client
from tests import applications
from tests.applications import CMB
from tests.services.case import LARGE_OFFER, OFFER, Case, china
from tests.services.conftest import OpenCase
from tests.services.kept_bytes import everything, stands_in

WORD = "标记文字"
CARD = applications.card(CMB, 987_654)
PERSON: dict[str, Any] = {
    "subject": "subject-marker-42",
    "name": "欧阳标记",
    "id_number": applications.id_number(876),
    "mobile": "13912348765",
    "email": "marker@example.com",
}
# Sums of no other row: what is offered, and what came.
OFFERED = replace(OFFER, principal_fen=1_843_219)
PAID_FEN = 1_043_217
SUMS = [str(each) for each in (OFFERED.principal_fen, PAID_FEN)]
CLERK = "marked.clerk@bank.example"
# That there is such a paper says what it says.
KINDS = [EvidenceKind.DISABILITY_PROOF, EvidenceKind.DIAGNOSIS]
MARKERS = [*PERSON.values(), *SUMS, *KINDS, CLERK, WORD, "标记.pdf", CARD, CARD[6:-4], f"{PERSON['id_number'][:17]}"]


def _live(case: Case) -> None:
    """Every deed that carries somebody's words, names or numbers."""
    case.write(f"{WORD}1", case.upload(KINDS[0], name="标记.pdf"))
    case.work_off()
    case.defer(text=f"{WORD}0")
    case.ask(f"{WORD}2", KINDS[1:])
    case.write(f"{WORD}3", answers=True)
    with case.hub.writing(case.REVIEWER) as tx:
        correspondence.write_to_cardholder(tx, case.id, f"{WORD}4", bank_code=case.bank_code)
        packet_and_standing(tx, case.id, bank_code=case.bank_code, language="zh")
    case.send_back(case.offer(replace(LARGE_OFFER, note=f"{WORD}5")))
    case.decline(case.offer())
    with case.hub.writing(case.cardholder) as tx:
        call = CallRecord(at=china("2026-11-21 09:00"), text=f"{WORD}6")
        correspondence.log_own_call(tx, case.id, call, None, client_id=case.client_id)
        clients.launch(tx, case.client_id, {**PERSON, "id_type": "resident_id", "cards": [CARD]})
        answer = client_rows.FirstAnswer(fingerprint="f" * 64, status=201, location=None, body=PERSON)
        client_rows.keep_first_answer(tx, case.client_id, "key", answer)
    offer = case.offer(OFFERED)
    case.counter(replace(OFFERED, note=f"{WORD}7"))
    with case.hub.writing(case.REVIEWER) as tx:
        review.reject(
            tx, case.id, Rejection(reason_code=RejectionReason.OTHER, text=f"{WORD}8"), bank_code=case.bank_code
        )
    case.accept(offer)
    case.work_off()
    case.at("2026-12-24 10:00")
    case.miss()
    case.take_back(text=f"{WORD}9")
    case.pay(36, PAID_FEN)
    with case.hub.writing(case.cardholder) as tx:
        said = CollectionReport(at=case.clock.at, channel=CollectionChannel.PHONE, caller=f"{WORD}10", text=f"{WORD}11")
        report_id = collection.report(tx, case.id, said, client_id=case.client_id).id
    with case.hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report_id, f"{WORD}12", bank_code=case.bank_code)
    case.end(EndReason.REPLACED, f"{WORD}13")


def _salts(case: Case) -> list[bytes]:
    """With one of these a sum could be guessed that the log names by its digest."""
    with case.hub.reading(HUB) as tx:
        of_contents = content_salts.list_of(tx, case.id, CMB).values()
        of_words = [each.salt for each in communications.list_entries(tx, case.id) if each.salt is not None]
    assert len(of_contents) > 5
    return [*of_contents, *of_words]


def _stands_as_bytes(content: bytes, value: bytes) -> bool:
    return value in content or any(each in content for each in (value.hex().encode(), value.hex().upper().encode()))


def _reject(open_case: OpenCase, person: dict[str, Any]) -> None:
    other = open_case(applicant=applications.person(877, name=person["name"]))
    other.reject(text=f"{WORD}10")
    withdrawn = open_case(applicant=applications.person(878, email=person["email"]))
    withdrawn.withdraw()


def test_no_marker_stands_in_any_row_file_or_job(open_case: OpenCase, settings: Settings) -> None:
    account = applications.account(CMB, card_number=CARD)
    hardship = {"reasons": ["other"], "since": "2026-06-01", "description": f"{WORD}0"}
    representative = {"name": f"{WORD}甲", "relation": "配偶", "mobile": "13912348766", "authority_evidence": None}
    case = open_case(
        CMB,
        applicant={**applications.person(876), **PERSON},
        accounts=[account],
        hardship=hardship,
        representative=representative,
    )
    assert case.status == "awaiting_bank"
    # The last deeds of the first case are of the month after.
    _reject(open_case, PERSON)
    _live(case)
    with case.hub.writing(HUB) as tx:
        staff.add(tx, role=Role.REVIEWER, email=CLERK, bank_code=CMB, at=tx.now, name="")
        staff_sign_in.note_failure(tx, CLERK, second_step=False)

    kept = everything(case.hub, settings)
    assert sum(map(len, kept.values())) > 100_000
    found = [(marker, place) for place, content in kept.items() for marker in MARKERS if stands_in(content, marker)]
    assert found == []
    assert [place for place, content in kept.items() for salt in _salts(case) if _stands_as_bytes(content, salt)] == []


def test_the_search_would_find_what_stands_in_the_clear(open_case: OpenCase, settings: Settings) -> None:
    case = open_case()
    with case.hub.writing(HUB) as tx:
        client_rows.add_client(tx, name=PERSON["email"], scopes=[WORD], bank_code=None)
    kept = b"".join(everything(case.hub, settings).values())
    for marker in (PERSON["email"], WORD):
        assert stands_in(kept, marker)


@pytest.mark.parametrize("secret", ["client_secret", "code"])
def test_secrets_are_kept_as_digests(hub: Hub, settings: Settings, open_case: OpenCase, secret: str) -> None:
    case = open_case()
    with hub.writing(HUB) as tx:
        if secret == "code":
            told = clients.launch(tx, case.client_id, PERSON).code
        else:
            told = add_client(tx, name="another", scopes=["applications:read"], bank_code=None)[1]
    for place, content in everything(hub, settings).items():
        assert (place, told.encode() in content) == (place, False)
