"""The contract's third section in plain Python: what may happen in which status, and what follows from it.

A deed changes the model, or raises `No` and must then have changed nothing in the hub.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from hub.domain.china import CHINA
from tests.services.machine.counting import Days, closing, day_of
from tests.services.machine.facts import Agreement, File, Message, Negotiation, No, Offer, Request, Rules, Turn

_ENDS = {"offered": "offered", "rejected": "rejected", "accepted": "agreed", "withdrawn": "withdrawn"}
TABLE: Mapping[str, Mapping[str, str]] = {
    "screening": {"screened": "delivering", "returned": "returned", "withdrawn": "withdrawn"},
    "returned": {"corrected": "screening", "correction_lapsed": "lapsed", "withdrawn": "withdrawn"},
    "delivering": {"delivered": "awaiting_bank", "undeliverable": "undeliverable", "withdrawn": "withdrawn"},
    "undeliverable": {"sent_again": "delivering", "withdrawn": "withdrawn"},
    "awaiting_bank": {"acknowledged": "in_review", "evidence_requested": "awaiting_cardholder", **_ENDS},
    "in_review": {"evidence_requested": "awaiting_cardholder", **_ENDS},
    "awaiting_cardholder": {"answered": "in_review", "not_answered": "in_review", **_ENDS},
    "offered": {
        "accepted": "agreed",
        "countered": "awaiting_bank",
        "declined": "awaiting_bank",
        "offered": "offered",
        "offer_lapsed": "lapsed",
        "withdrawn": "withdrawn",
    },
    "agreed": {},
    "rejected": {},
    "withdrawn": {},
    "lapsed": {},
}
ENDED = ("agreed", "rejected", "withdrawn", "lapsed")
BANKS_TURN = ("awaiting_bank", "in_review", "awaiting_cardholder")
GIVE_UP_AFTER = timedelta(days=3)


class Model:
    """All negotiations, files and days, at `now`."""

    def __init__(self, rules: Mapping[str, Rules], now: datetime) -> None:
        self.rules = rules
        self.now = now
        self.days = Days()
        self.negotiations: list[Negotiation] = []
        self.files: list[File] = []
        self.applications = 0
        self.keys: dict[str, int] = {}

    # What the hub does by itself.

    def judge(self, file: int) -> None:
        """The file has the verdict it was born for."""
        self.files[file].status = "rejected" if self.files[file].dirty else "clean"

    def screen(self, it: Negotiation) -> None:
        """Screened, returned, or still waiting for a verdict."""
        if it.status != "screening":
            self.settle_answer(it)
            return
        verdicts = [self.files[each].status for each in it.files]
        if "checking" in verdicts:
            return
        if "rejected" in verdicts or it.contradicts:
            self.step(it, "returned")
            it.correct_by = self.now + timedelta(days=30)
            return
        self.step(it, "screened")
        self.queue(it, "submitted", opens=True)

    def queue(self, it: Negotiation, kind: str, *, opens: bool = False) -> None:
        """A message is on its way; in the portal it is there."""
        it.messages.append(Message(kind, opens))
        if not self.rules[it.bank].system:
            self.arrive(it, it.messages[-1])

    def arrive(self, it: Negotiation, message: Message) -> None:
        """The bank's system has it. What overtakes nothing begins the bank's time."""
        message.state = "delivered"
        it.said["delivered"] += 1
        if message.kind == "submitted" and it.status == "delivering":
            it.reached = True
            self.step(it, "delivered", said=False)
            if self.rules[it.bank].system:
                for _ in range(it.words):
                    self.queue(it, "message")
        newest = next((each for each in reversed(it.messages) if each.opens), None)
        if message is newest and it.status in BANKS_TURN:
            turn = Turn(opened=self.now, due=self.now, provisional=False)
            self.compute(it, turn)
            it.turns.append(turn)
            it.said["clock_opened"] += 1
            it.mails["delivered" if message.kind == "submitted" else "counter_delivered"] += 1

    def deliver(self, it: Negotiation, message: Message, answer: str, meanwhile: Callable[[], None]) -> None:
        """One attempt: the bank `takes` it, is `busy`, or `refuses` for good; something may happen meanwhile."""
        if message.state != "waiting":
            return
        meanwhile()
        message.last_tried = self.now
        if answer == "takes" and message.state == "cancelled":
            self.arrive(it, message)
            if not it.reached:
                it.reached = True
                self.queue(it, "withdrawn")
        elif message.state == "cancelled":
            return
        elif answer == "takes":
            self.arrive(it, message)
        elif answer == "refuses" or (message.first_tried and self.now - message.first_tried >= GIVE_UP_AFTER):
            message.state = "undeliverable"
            if it.status == "delivering":
                self.step(it, "undeliverable")
            else:
                it.said["undeliverable"] += 1
        else:
            message.first_tried = message.first_tried or self.now

    def step(self, it: Negotiation, event: str, *, another: bool = False, said: bool = True) -> None:
        """The one change of a status. `another`: a further offer of the bank can still be accepted."""
        to = TABLE[it.status].get(event)
        if to is None:
            raise No("conflict")
        if another and event in ("rejected", "declined", "offer_lapsed"):
            to = "offered"
        if to != it.status:
            it.history.append((it.status, to))
        it.status = to
        it.said[event] += said

    # Clocks.

    def compute(self, it: Negotiation, turn: Turn) -> None:
        """The due time, counted day by day."""
        rules = self.rules[it.bank]
        day = self.days.after(day_of(turn.opened), rules.response_days)
        if turn.stands:
            day = self.days.after(day, 5)
        elif turn.paused is not None and turn.resumed is not None:
            day = self.days.after(day, self.days.between(turn.paused, turn.resumed))
        turn.due = closing(day, rules.closes)
        turn.provisional = self.days.provisional(day)

    def move(self, it: Negotiation, turn: Turn) -> None:
        """Computed again, with an entry and a mail where it moved."""
        before = turn.due
        self.compute(it, turn)
        if turn.due != before:
            it.said["clock_moved"] += 1
            it.mails["moved"] += 1
            turn.noted = turn.noted and turn.due <= self.now

    def end_turn(self, it: Negotiation, end: str) -> None:
        """No clock runs any more."""
        if it.turn is not None:
            it.turn.end = end

    def import_notice(self, notice: int) -> None:
        """Open clocks are computed again."""
        self.days.notice = notice
        for it in self.negotiations:
            if it.turn is not None:
                self.move(it, it.turn)

    def sweep(self) -> None:
        """What is due has happened."""
        for it in self.negotiations:
            self._lapse_request(it)
        for it in self.negotiations:
            turn = it.turn
            if turn is not None and not turn.stands and not turn.noted and turn.due < self.now:
                turn.noted = True
                it.said["breached"] += 1
                it.late.add((it.turns.index(turn), turn.due))
        for it in self.negotiations:
            self._lapse_offers(it)
        for it in self.negotiations:
            if it.correct_by is not None and it.correct_by <= self.now:
                it.correct_by = None
                self.step(it, "correction_lapsed")

    def _lapse_request(self, it: Negotiation) -> None:
        request = it.request
        if request is None or request.waits or request.due >= self.now:
            return
        request.state = "lapsed"
        self.step(it, "not_answered")
        self._resume(it, day_of(request.due))

    def _lapse_offers(self, it: Negotiation) -> None:
        for offer in it.open_offers():
            if offer.valid_until is not None and offer.valid_until <= self.now:
                offer.status = "lapsed"
                if it.status == "offered":
                    self.step(it, "offer_lapsed", another=bool(it.open_offers()))
                else:
                    it.said["offer_lapsed"] += 1
        if it.status == "lapsed":
            self.close_offers(it, "superseded", "awaiting_approval")

    def _resume(self, it: Negotiation, on: date) -> None:
        turn = it.turn
        if turn is not None and turn.stands:
            turn.resumed = on
            self.move(it, turn)

    def pause(self, it: Negotiation) -> None:
        """Five working days more, once a negotiation, where the bank does so."""
        turn = it.turn
        if turn is None or not self.rules[it.bank].pauses or any(each.paused for each in it.turns):
            return
        turn.paused = day_of(self.now)
        self.move(it, turn)

    # Answers and offers.

    def settle_answer(self, it: Negotiation) -> None:
        """An answer is given once its files have their verdicts, and not at all where none can be read."""
        request = it.request
        if request is None or not request.waits or it.status != "awaiting_cardholder":
            return
        verdicts = [self.files[file].status for at, file in it.later_files if at >= request.asked]
        if "checking" in verdicts:
            return
        request.waits = False
        if "clean" in verdicts:
            self.answer(it, request)
        else:
            it.said["evidence_rejected"] += 1

    def answer(self, it: Negotiation, request: Request) -> None:
        """The bank has what it asked for."""
        request.state = "answered"
        request.waits = False
        self.step(it, "answered")
        self._resume(it, day_of(self.now))

    def close_request(self, it: Negotiation) -> None:
        """Things went on without an answer."""
        if it.request is not None:
            it.request.state = "closed"

    def acceptable(self, it: Negotiation, but: Offer | None = None) -> list[Offer]:
        """The bank's open offers within their time."""
        return [
            each for each in it.open_offers() if each is not but and each.valid_until and each.valid_until > self.now
        ]

    def close_offers(self, it: Negotiation, to: str, *statuses: str, by: str = "") -> None:
        """Every offer that stands there, stands there no more."""
        for offer in it.offers:
            if offer.status in statuses and by in ("", offer.by):
                offer.status = to

    def open_offer(self, it: Negotiation, offer: Offer) -> None:
        """The bank's offer is open: its clock is answered."""
        rules = self.rules[it.bank]
        self.step(it, "offered")
        offer.opened = True
        offer.status = "open"
        offer.valid_until = offer.wanted or closing(day_of(self.now) + timedelta(rules.offer_days), rules.closes)
        self.close_offers(it, "superseded", "open", by="cardholder")
        self.end_turn(it, "answered")
        self.close_request(it)
        it.mails["offered"] += 1

    def agree(self, it: Negotiation, offer: Offer) -> None:
        """The agreement is in force."""
        self.step(it, "accepted")
        offer.status = "accepted"
        self.close_offers(it, "superseded", "open", "awaiting_approval")
        self.end_turn(it, "ended")
        self.close_request(it)
        it.agreement = Agreement(signed_on=day_of(self.now), first_due_on=offer.first_due)
        it.mails["agreed"] += 1
        self.queue(it, "accepted")
        for other in self.negotiations:
            # Each person has one card with a bank.
            if other is not it and (other.person, other.bank) == (it.person, it.bank):
                self.end_agreement(other, "replaced")

    def end_agreement(self, it: Negotiation, reason: str) -> None:
        """The agreement in force, where there is one, is in force no more."""
        if it.agreement is None or it.agreement.state != "in_force":
            return
        it.agreement.reason = reason
        it.agreement.state = "settled" if reason == "settled" else "ended"
        if reason == "defaulted":
            # Three whole days of notice.
            it.agreement.objected_until = datetime.combine(day_of(self.now) + timedelta(days=4), time(0), CHINA)
        it.said["agreement_ended"] += 1
        it.mails["agreement_ended"] += 1
        self.queue(it, "ended")
