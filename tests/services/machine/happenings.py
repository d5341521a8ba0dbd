"""Everything that can happen, with how often and when it fits; the hub's side is done by the services alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.domain.agreement_end import EndReason
from hub.domain.application import EvidenceReference
from hub.domain.evidence import EvidenceKind
from hub.domain.payments import Payment
from hub.domain.review import RejectionReason
from hub.services.agreements import payments
from hub.services.negotiations import correspondence
from tests.applications import CITIC, CMB, ICBC
from tests.services.case import LARGE_OFFER, OFFER, Case
from tests.services.machine import deeds, intake, mishaps
from tests.services.machine.chance import Chance
from tests.services.machine.counting import closing
from tests.services.machine.model import BANKS_TURN, TABLE
from tests.services.machine.world import RULES, World

BANKS = [(ICBC,), (CMB,), (CITIC,), (ICBC, CMB), (CITIC, CMB)]
FILES = [[], [False], [True], [False, True], [False, False]]
KINDS = [(EvidenceKind.BANK_STATEMENT,), (EvidenceKind.PAYSLIP, EvidenceKind.OTHER)]
STAFF = [Case.REVIEWER, Case.SUPERVISOR, Case.ADAPTER]
MOST_NEGOTIATIONS = 6


# The cardholder.


def submits(chance: Chance) -> None:
    client = chance.draw("client", [0, 0, 1])
    files = intake.upload(chance.world, client, chance.draw("dirty", FILES))
    if chance.yes("judged"):
        chance.world.rest()
    banks = chance.draw("banks", BANKS)
    contradicts = CITIC in banks and chance.yes("contradicts")
    intake.submit(chance.world, chance.draw("person", range(3)), client, banks, files, contradicts=contradicts)


def submits_again(chance: Chance) -> None:
    intake.submit_again(chance.world, chance.draw("which", range(20)))


def corrects(chance: Chance) -> None:
    place = chance.world.place(chance.negotiation("returned"))
    files = intake.upload(chance.world, chance.world.model.negotiations[place].client, chance.draw("dirty", FILES))
    model = chance.world.model
    it = model.negotiations[place]
    if chance.yes("keep"):
        files = [each for each in it.files if model.files[each].status == "clean"] + files
    intake.correct(chance.world, it, files)


def corrects_again(chance: Chance) -> None:
    it = chance.negotiation(*TABLE)
    intake.correct(chance.world, it, it.files)


def writes(chance: Chance) -> None:
    place = chance.world.place(chance.negotiation("awaiting_cardholder"))
    files = intake.upload(chance.world, chance.world.model.negotiations[place].client, chance.draw("dirty", FILES))
    if chance.yes("judged"):
        chance.world.rest()
    it = chance.world.model.negotiations[place]
    named = [EvidenceReference(id=chance.world.files[each], kind=EvidenceKind.BANK_STATEMENT) for each in files]
    case, answers = chance.world.case(it), chance.yes("answers")
    chance.do(it, deeds.write, lambda: case.write("您好", *named, answers=answers), files, answers=answers)


def counters(chance: Chance) -> None:
    it, first_due = chance.negotiation("offered"), chance.first_due
    case = chance.world.case(it)
    chance.do(it, deeds.counter, lambda: case.counter(replace(OFFER, first_due_on=first_due)), first_due)


def declines(chance: Chance) -> None:
    if found := chance.offer("open"):
        it, place, offer_id = found
        case = chance.world.case(it)
        chance.do(it, deeds.decline, lambda: case.decline(offer_id), place)


def accepts(chance: Chance) -> None:
    if found := chance.offer("open"):
        it, place, offer_id = found
        where, case, code = chance.world.place(it), chance.world.case(it), None
        if chance.draw("right", [False, True, True]):
            code = chance.do(it, deeds.send_code, lambda: case.send_code(offer_id), place)
        it = chance.world.model.negotiations[where]
        chance.do(it, deeds.accept, lambda: case.try_code(offer_id, code or "wrong"), place, right=code is not None)


def withdraws(chance: Chance) -> None:
    it = chance.negotiation(*deeds.MAY_WITHDRAW)
    chance.do(it, deeds.withdraw, chance.world.case(it).withdraw)


# The bank.


def acknowledges(chance: Chance) -> None:
    it = chance.negotiation("awaiting_bank")
    chance.do(it, deeds.acknowledge, chance.world.case(it).acknowledge)


def asks(chance: Chance) -> None:
    it, kinds = chance.negotiation("awaiting_bank", "in_review"), chance.draw("kinds", KINDS)
    case = chance.world.case(it)
    chance.do(it, deeds.ask, lambda: case.ask(kinds=kinds), kinds)


def offers(chance: Chance) -> None:
    it, first_due = chance.negotiation(*BANKS_TURN, "offered"), chance.first_due
    large, by = chance.yes("large"), STAFF[chance.draw("by", range(3))]
    days = chance.draw("days", [None, None, None, 2, 3, 30, 31])
    terms = replace(LARGE_OFFER if large else OFFER, first_due_on=first_due)
    until = None if days is None else closing(chance.today + timedelta(days), RULES[it.bank].closes)
    case, of_it = chance.world.case(it), {"large": large, "until": until, "alone": by.decides_alone}
    chance.do(it, deeds.offer, lambda: case.offer(terms, by=by, valid_until=until), first_due, maker=by.id, **of_it)


def approves(chance: Chance) -> None:
    if found := chance.offer("awaiting_approval"):
        it, place, offer_id = found
        case, by = chance.world.case(it), STAFF[chance.draw("by", range(2))]
        chance.do(it, deeds.approve, lambda: case.approve(offer_id, by=by), place, by.id)


def sends_back(chance: Chance) -> None:
    if found := chance.offer("awaiting_approval"):
        it, place, offer_id = found
        case = chance.world.case(it)
        chance.do(it, deeds.send_back, lambda: case.send_back(offer_id), place, Case.SUPERVISOR.id)


def rejects(chance: Chance) -> None:
    it, reason = chance.negotiation(*BANKS_TURN, "rejected"), chance.draw("reason", list(RejectionReason))
    case = chance.world.case(it)
    chance.do(it, deeds.reject, lambda: case.reject(reason), str(reason))


def tells(chance: Chance) -> None:
    it = chance.negotiation(*BANKS_TURN, "offered")
    case = chance.world.case(it)

    def act() -> None:
        with chance.world.hub.writing(case.REVIEWER) as tx:
            correspondence.write_to_cardholder(tx, case.id, "您好", bank_code=case.bank_code)

    chance.do(it, deeds.tell, act)


def tells_of_a_payment(chance: Chance) -> None:
    it, number = chance.negotiation("agreed"), chance.draw("number", [0, 1, 1, 2, 36, 37])
    case, in_days = chance.world.case(it), chance.draw("in days", [None, 0, 0, 1])
    paid_on = None if in_days is None else chance.today + timedelta(in_days)

    def act() -> None:
        with chance.world.hub.writing(case.REVIEWER) as tx:
            if paid_on is None:
                payments.record_missed(tx, case.id, number=number, bank_code=case.bank_code)
            else:
                payment = Payment(number=number, paid_on=paid_on, amount_fen=5)
                payments.record_payment(tx, case.id, payment, bank_code=case.bank_code)

    chance.do(it, deeds.pay, act, number, paid_on)


def ends_the_agreement(chance: Chance) -> None:
    it, reason = chance.negotiation("agreed"), chance.draw("reason", list(EndReason))
    case, waive = chance.world.case(it), chance.yes("waive")
    chance.do(it, deeds.end_agreement, lambda: case.end(reason, waive_rest=waive), str(reason), waive=waive)


# When something fits.


@dataclass(frozen=True)
class Happening:
    """`happen` with how often, beside others, and when."""

    name: str
    weight: int
    happen: Callable[[Chance], None]
    fits: Callable[[World], bool]


def _always(_: World) -> bool:
    return True


def _one_in(*statuses: str) -> Callable[[World], bool]:
    return lambda world: any(it.status in statuses for it in world.model.negotiations)


def _one_offer(status: str) -> Callable[[World], bool]:
    return lambda world: any(each.status == status for it in world.model.negotiations for each in it.offers)


def _job_waits(world: World) -> bool:
    return not world.works and bool(world.waiting_jobs())


def _not_full(world: World) -> bool:
    return len(world.model.negotiations) < MOST_NEGOTIATIONS


def _given_up(world: World) -> bool:
    return any(each.state == "undeliverable" for it in world.model.negotiations for each in it.messages)


HAPPENINGS = tuple(
    Happening(happen.__name__, weight, happen, fits)
    for weight, happen, fits in (
        (4, submits, _not_full),
        (1, submits_again, _always),
        (5, corrects, _one_in("returned")),
        (1, corrects_again, _one_in("returned")),
        (2, writes, _always),
        (5, writes, _one_in("awaiting_cardholder")),
        (5, counters, _one_in("offered")),
        (2, declines, _one_offer("open")),
        (4, accepts, _one_offer("open")),
        (1, withdraws, _always),
        (3, acknowledges, _one_in("awaiting_bank")),
        (4, asks, _one_in("awaiting_bank", "in_review")),
        (9, offers, _one_in(*BANKS_TURN, "offered")),
        (4, approves, _one_offer("awaiting_approval")),
        (1, sends_back, _one_offer("awaiting_approval")),
        (1, rejects, _one_in(*BANKS_TURN)),
        (1, tells, _one_in(*BANKS_TURN, "offered", "agreed")),
        (4, tells_of_a_payment, _one_in("agreed")),
        (1, ends_the_agreement, _one_in("agreed")),
        (5, mishaps.sends_again, _given_up),
        (2, mishaps.a_notice_is_imported, _always),
        (5, mishaps.time_passes, _always),
        (3, mishaps.the_system_changes, _always),
        (2, mishaps.workers_stop_or_start, _always),
        (6, mishaps.one_job_runs, _job_waits),
        (3, mishaps.somebody_is_quicker, _job_waits),
        (2, mishaps.the_process_will_die, _always),
    )
)
