"""What each side may do, as the model has it; every function is one deed on one negotiation."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from tests.services.machine.counting import closing, day_of
from tests.services.machine.facts import Agreement, File, Negotiation, No, Offer, Request
from tests.services.machine.model import BANKS_TURN, ENDED, TABLE, Model

ROWS = 36
# The banks' defaults.
GRACE_DAYS, MISSED_BEFORE_DEFAULT = 3, 2
MAY_WITHDRAW = tuple(status for status in TABLE if "withdrawn" in TABLE[status])


# The cardholder.


def submit(
    model: Model,
    person: int,
    client: int,
    banks: tuple[str, ...],
    files: list[int],
    *,
    contradicts: str | None,
    key: str,
) -> None:
    """A negotiation a bank; with the same key, nothing. `contradicts` is the bank whose card is named twice."""
    if key in model.keys:
        return
    for it in model.negotiations:
        if it.person == person and it.bank in banks and it.status not in ENDED:
            raise No("conflict")
    for bank in sorted(banks):
        model.negotiations.append(
            Negotiation(model.applications, person, client, bank, bank == contradicts, files=list(files))
        )
    model.keys[key] = model.applications
    model.applications += 1


def upload(model: Model, client: int, *, dirty: bool) -> None:
    """A file waits for its verdict."""
    model.files.append(File(client, dirty))


def correct(model: Model, it: Negotiation, files: list[int]) -> None:
    """A returned one is screened again; the same correction again changes nothing."""
    if it.version > 1 and files == it.files:
        return
    model.step(it, "corrected")
    it.version += 1
    it.files = list(files)
    it.contradicts = False
    it.correct_by = None


def write(model: Model, it: Negotiation, files: list[int], *, answers: bool) -> None:
    """Words and files to the bank; they answer an open request."""
    if it.status in ENDED and not _hears_words(model, it):
        raise No("conflict")
    it.said["message"] += 1
    it.later_files += [(model.now, each) for each in files]
    request = it.request
    if request is not None and it.status == "awaiting_cardholder":
        if files:
            request.waits = True
            model.settle_answer(it)
        elif answers:
            model.answer(it, request)
    if it.reached:
        model.queue(it, "message")
    else:
        it.words += 1


def counter(model: Model, it: Negotiation, first_due: date) -> None:
    """The person's own terms; open offers stay open."""
    if "countered" not in TABLE[it.status]:
        raise No("conflict")
    if sum(each.by == "cardholder" for each in it.offers) >= model.rules[it.bank].counters:
        raise No("conflict")
    model.step(it, "countered")
    it.offers.append(Offer("cardholder", first_due, "open", opened=True))
    model.queue(it, "counter_offered", opens=True)


def _decidable(model: Model, it: Negotiation, offer: Offer) -> None:
    if offer not in model.acceptable(it):
        raise No("conflict")


def decline(model: Model, it: Negotiation, place: int) -> None:
    """The bank's turn again, unless another offer is open."""
    offer = it.offers[place]
    if not offer.opened:
        raise No("unknown")
    if offer.status == "declined" and offer.by == "bank":
        return
    _decidable(model, it, offer)
    model.step(it, "declined", another=bool(model.acceptable(it, but=offer)))
    offer.status = "declined"
    model.queue(it, "message", opens=it.status == "awaiting_bank")


def send_code(model: Model, it: Negotiation, place: int) -> None:
    """A code is on its way to the mobile."""
    if not it.offers[place].opened:
        raise No("unknown")
    _decidable(model, it, it.offers[place])
    if "accepted" not in TABLE[it.status]:
        raise No("conflict")
    it.said["code_sent"] += 1


def accept(model: Model, it: Negotiation, place: int, *, right: bool) -> None:
    """The agreement is made by the right code."""
    offer = it.offers[place]
    if not offer.opened:
        raise No("unknown")
    if offer.status == "accepted":
        return
    _decidable(model, it, offer)
    if "accepted" not in TABLE[it.status]:
        raise No("conflict")
    if not right:
        raise No("refused")
    model.agree(it, offer)


def withdraw(model: Model, it: Negotiation) -> None:
    """Ended by the person's wish."""
    if it.status == "withdrawn":
        return
    model.step(it, "withdrawn")
    it.correct_by = None
    model.end_turn(it, "ended")
    model.close_request(it)
    model.close_offers(it, "declined", "open", "awaiting_approval")
    for message in it.messages:
        if message.state in ("waiting", "undeliverable"):
            message.state = "cancelled"
    if it.reached:
        model.queue(it, "withdrawn")


# The bank.


def _known(it: Negotiation) -> None:
    if not it.reached:
        raise No("unknown")


def acknowledge(model: Model, it: Negotiation) -> None:
    """Somebody has picked it up."""
    _known(it)
    if it.status != "in_review":
        model.step(it, "acknowledged")


def ask(model: Model, it: Negotiation, kinds: tuple[str, ...]) -> None:
    """Papers are asked for, due on the fifth working day."""
    _known(it)
    request = it.request
    if it.status == "awaiting_cardholder" and request is not None and request.kinds == kinds:
        return
    model.step(it, "evidence_requested")
    due = closing(model.days.after(day_of(model.now), 5), model.rules[it.bank].closes)
    it.requests.append(Request(kinds, model.now, due))
    it.mails["asked"] += 1
    model.pause(it)


def offer(
    model: Model, it: Negotiation, first_due: date, *, maker: str, large: bool, until: datetime | None, alone: bool
) -> None:
    """Open at once, or waiting for a second person where it is large."""
    _known(it)
    if "offered" not in TABLE[it.status]:
        raise No("conflict")
    if until is not None and not 3 <= (day_of(until) - day_of(model.now)).days <= 30:
        raise No("refused")
    if first_due <= _ends_on(model, it, until):
        raise No("refused")
    it.offers.append(Offer("bank", first_due, maker=maker, wanted=until))
    if not large or alone:
        model.open_offer(it, it.offers[-1])


def _ends_on(model: Model, it: Negotiation, until: datetime | None) -> date:
    """The last day of an offer that opens now."""
    return day_of(model.now) + timedelta(model.rules[it.bank].offer_days) if until is None else day_of(until)


def _waiting(it: Negotiation, place: int, by: str) -> Offer:
    _known(it)
    found = it.offers[place]
    if found.status != "awaiting_approval":
        raise No("conflict")
    if found.maker == by:
        raise No("not allowed")
    return found


def approve(model: Model, it: Negotiation, place: int, by: str) -> None:
    """The second person's word opens it, as long as its days are still to come."""
    found = _waiting(it, place, by)
    today = day_of(model.now)
    if found.first_due <= today or found.first_due <= _ends_on(model, it, found.wanted):
        raise No("refused")
    if found.wanted is not None and not 3 <= (day_of(found.wanted) - today).days <= 30:
        raise No("refused")
    model.open_offer(it, found)


def send_back(model: Model, it: Negotiation, place: int, by: str) -> None:
    """The second person's no; the cardholder never sees it."""
    _waiting(it, place, by).status = "returned"


def reject(model: Model, it: Negotiation, reason: str) -> None:
    """The bank's no: to everything, or to the counter-offer while an earlier offer is open."""
    _known(it)
    if it.status == "rejected" and it.reason == reason:
        return
    if it.status not in BANKS_TURN:
        raise No("conflict")
    if reason == "incomplete" and all(each.state != "lapsed" for each in it.requests):
        raise No("refused")
    model.step(it, "rejected", another=bool(model.acceptable(it)))
    model.close_offers(it, "declined", "open", by="cardholder")
    model.close_offers(it, "superseded", "awaiting_approval")
    model.end_turn(it, "answered")
    model.close_request(it)
    if it.status == "rejected":
        it.reason = reason
    it.mails["refused" if it.status == "rejected" else "counter_refused"] += 1


def tell(model: Model, it: Negotiation) -> None:
    """The bank's words."""
    _known(it)
    if it.status in ENDED and not _hears_words(model, it):
        raise No("conflict")
    it.said["message"] += 1


def _hears_words(model: Model, it: Negotiation) -> bool:
    if it.agreement is None:
        return False
    until = it.agreement.objected_until
    return it.agreement.state == "in_force" or (until is not None and model.now < until)


def _in_force(it: Negotiation) -> Agreement:
    if it.agreement is None or it.agreement.state != "in_force":
        raise No("conflict")
    return it.agreement


def pay(model: Model, it: Negotiation, number: int, paid_on: date | None) -> None:
    """A part of a payment came, or (`paid_on` is None) the whole did not, which nobody says before it is due."""
    _known(it)
    agreement = _in_force(it)
    if not 1 <= number <= ROWS or (paid_on is not None and not agreement.signed_on <= paid_on <= day_of(model.now)):
        raise No("refused")
    if paid_on is not None:
        agreement.paid.add(number)
        it.said["payment"] += 1
        return
    due_on = agreement.first_due_on + relativedelta(months=number - 1)
    if day_of(model.now) < due_on + timedelta(days=GRACE_DAYS):
        raise No("conflict")
    if number not in agreement.missed:
        agreement.missed.add(number)
        it.said["missed"] += 1
        it.mails["payment_missed"] += 1


def end_agreement(model: Model, it: Negotiation, reason: str, *, waive: bool) -> None:
    """Settled, or ended."""
    _known(it)
    if it.agreement is not None and it.agreement.reason == reason:
        return
    agreement = _in_force(it)
    if reason == "settled" and not waive:
        # Nobody pays enough here for a single row.
        raise No("conflict")
    if reason == "defaulted" and len(agreement.missed) < MISSED_BEFORE_DEFAULT:
        raise No("conflict")
    model.end_agreement(it, reason)


# The operator.


def send_again(model: Model, it: Negotiation, *, through_portal: bool) -> None:
    """What was given up is on its way again."""
    given_up = [each for each in it.messages if each.state == "undeliverable"]
    if not given_up:
        raise No("conflict")
    if it.status == "undeliverable":
        model.step(it, "sent_again")
    for message in given_up:
        message.state = "waiting"
        message.first_tried = None
        message.last_tried = model.now
        if through_portal or not model.rules[it.bank].system:
            model.arrive(it, message)
