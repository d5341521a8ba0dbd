"""Deeds that take more than one line on the hub's side: uploads, applications, corrections, and being quicker."""

import hashlib
from typing import Any

from hub.domain.application import Correction, EvidenceReference
from hub.domain.evidence import EvidenceKind
from hub.services import first_answers
from hub.services.applications import intake as intake_deeds
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Upload
from hub.services.first_answers import FirstAnswer
from hub.services.transaction import HubTransaction
from schemas.application import load_application
from storage import negotiation_locks
from storage.submissions import submission_of
from tests import applications
from tests.applications import CITIC, CITIC_CARDS
from tests.services.machine import deeds
from tests.services.machine.counting import ONE_DAY, day_of
from tests.services.machine.facts import Negotiation
from tests.services.machine.model import Model
from tests.services.machine.world import DIRTY, World

_CLEAN = applications.pdf()


def upload(world: World, client: int, dirty: list[bool]) -> list[int]:
    """Files that wait for their verdicts, by their places; a process that died kept none."""
    kept: list[int] = []
    for each in dirty:
        before = len(world.files)
        content = _CLEAN + (DIRTY if each else b"")
        left = [content, b""]
        wanted = Upload(
            client_id=world.clients[client].id,
            subject=None,
            kind=EvidenceKind.PAYSLIP,
            file_name="工资单.pdf",
            declared_type="application/pdf",
            length=len(content),
        )

        def act(left: list[bytes] = left, wanted: Upload = wanted) -> None:
            stored = evidence_files.receive(world.hub.store, wanted, lambda _: left.pop(0) if left else b"")
            with world.hub.writing(world.cardholder(client)) as tx:
                evidence_files.keep(tx, stored)

        def predict(model: Model, each: bool = each) -> None:
            deeds.upload(model, client, dirty=each)

        world.do(predict, act)
        kept += range(before, len(world.files))
    return kept


def submit(
    world: World, person: int, client: int, banks: tuple[str, ...], files: list[int], *, contradicts: bool
) -> None:
    """An application under a key of its own; who got no answer asks again under the same key."""
    key = f"key-{world.model.applications}-{len(world.submitted)}"
    accounts = [applications.account(code) for code in banks]
    if contradicts:
        card = applications.card(CITIC)
        accounts.append(applications.account(CITIC_CARDS, card_number=card, principal_fen=1))
    body = applications.application(
        *banks,
        applicant=applications.person(900 + person),
        accounts=accounts,
        evidence=[{"id": world.files[each], "kind": "payslip"} for each in files],
    )
    body["proposal"]["first_due_on"] = (day_of(world.clock.at) + 30 * ONE_DAY).isoformat()
    loaded = load_application(body, now=world.clock.at)
    assert loaded.value is not None, loaded.faults
    application = loaded.value
    client_id = world.clients[client].id

    def act() -> str:
        return _once(world, client, key, lambda tx: intake_deeds.submit(tx, application, client_id=client_id))

    def predict(model: Model) -> None:
        deeds.submit(model, person, client, banks, files, contradicts=CITIC if contradicts else None, key=key)

    answer = world.do(predict, act)
    if key in world.model.keys:
        again = world.do(predict, act)
        if again is not None:
            assert answer in (None, again)
            world.submitted.append((predict, act, again))


def submit_again(world: World, which: int) -> None:
    """The same call under the same key has the first answer, whatever has become of it since."""
    if world.submitted:
        predict, act, first = world.submitted[which % len(world.submitted)]
        assert world.do(predict, act) in (None, first)


def _once(world: World, client: int, key: str, deed: Any) -> str:
    """As a face has it: the first answer is kept with its effect."""
    client_id = world.clients[client].id
    fingerprint = hashlib.sha256(key.encode()).hexdigest()
    with world.hub.writing(world.cardholder(client)) as tx:
        first = first_answers.find_first_answer(tx, client_id, key, fingerprint=fingerprint)
        if first is not None:
            return str(first.body)
        made: str = deed(tx)
        answer = FirstAnswer(fingerprint=fingerprint, status=201, location=None, body=made)
        first_answers.keep_first_answer(tx, client_id, key, answer)
    return made


def correct(world: World, it: Negotiation, files: list[int]) -> None:
    """A correction with these files, each card named once."""
    case, place = world.case(it), world.place(it)

    def act() -> None:
        with world.hub.writing(case.cardholder) as tx:
            intake_deeds.correct(tx, case.id, _correction(world, tx, case.id, files), client_id=case.client_id)

    world.do(lambda model: deeds.correct(model, model.negotiations[place], files), act)


def _correction(world: World, tx: HubTransaction, negotiation_id: str, files: list[int]) -> Correction:
    row = negotiation_locks.lock(tx, negotiation_id)
    kept = submission_of(tx, row)
    named = tuple(EvidenceReference(id=world.files[each], kind=EvidenceKind.PAYSLIP) for each in files)
    return Correction(accounts=kept.accounts[:1], finances=kept.finances, evidence=named)


def overtake(world: World, which: int) -> None:
    """While the bank's system takes a message, the person withdraws or the bank acts on it already."""
    waiting = [job for job in world.waiting_jobs() if job[1] == "deliver"]
    if not waiting:
        return
    world.dies_after = 0
    job = waiting[which % len(waiting)]
    it, _ = world.message_of(job[2])
    case = world.case(it)
    choices: list[tuple[Any, Any]] = []
    if it.status in deeds.MAY_WITHDRAW:
        choices.append((case.withdraw, lambda: deeds.withdraw(world.model, it)))
    if it.reached and it.status == "awaiting_bank":
        choices.append((case.acknowledge, lambda: deeds.acknowledge(world.model, it)))
        choices.append((case.ask, lambda: deeds.ask(world.model, it, ("bank_statement",))))
    if choices:
        world.run(job, choices[which // 7 % len(choices)])
