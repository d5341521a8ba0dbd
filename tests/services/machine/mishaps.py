"""What no side of a negotiation does: the operator, the calendar, time, workers, and a bank's system out of order."""

from datetime import UTC, datetime, timedelta

from hub.domain.actor import HUB
from hub.domain.notices import parse_notice
from hub.services.delivery import queueing
from hub.services.negotiations import answer_clocks
from tests.services.machine import deeds, intake
from tests.services.machine.chance import Chance
from tests.services.machine.counting import NOTICES
from tests.services.machine.world import World

LAST_DAY = datetime(2027, 8, 1, tzinfo=UTC)
WAITS = [
    timedelta(minutes=3),
    timedelta(hours=7),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=8),
    timedelta(days=31),
]


def sends_again(chance: Chance) -> None:
    it, portal = chance.negotiation("undeliverable"), chance.yes("through the portal")
    case = chance.world.case(it)

    def act() -> None:
        with chance.world.hub.writing(HUB) as tx:
            queueing.send_again(tx, case.id, HUB, through="portal" if portal else None)

    chance.do(it, deeds.send_again, act, through_portal=portal)


def a_notice_is_imported(chance: Chance) -> None:
    place = chance.draw("notice", range(len(NOTICES)))
    off, work = NOTICES[place]
    days = {"off": list(off), "work": list(work)}
    notice = parse_notice({"year": 2027, "notice": f"{place}号", "published_on": "2026-11-20", **days})

    def act() -> None:
        answer_clocks.import_notice(chance.world.hub, notice, actor=HUB)

    chance.world.do(lambda model: model.import_notice(place), act)


def time_passes(chance: Chance) -> None:
    if chance.world.clock.at < LAST_DAY:
        chance.world.pass_time(chance.draw("wait", WAITS))
    if chance.yes("swept"):
        chance.world.sweep()


def the_system_changes(chance: Chance) -> None:
    chance.world.answers = chance.draw("answers", ["takes", "busy", "refuses"])


def workers_stop_or_start(chance: Chance) -> None:
    chance.world.works = not chance.world.works


def one_job_runs(chance: Chance) -> None:
    if waiting := chance.world.waiting_jobs():
        chance.world.run(waiting[chance.draw("job", range(len(waiting)))])


def somebody_is_quicker(chance: Chance) -> None:
    intake.overtake(chance.world, chance.draw("which", range(100)))


def the_process_will_die(chance: Chance) -> None:
    chance.world.dies_after = chance.draw("steps", range(1, 8))


def calm(world: World) -> None:
    """Everything works again, and some hours pass: long enough for every wait there is."""
    world.dies_after = 0
    world.answers, world.works = "takes", True
    world.rest()
    for wait in (timedelta(hours=8), timedelta(minutes=10), timedelta(minutes=10)):
        world.pass_time(wait)
        world.sweep()
        world.rest()
