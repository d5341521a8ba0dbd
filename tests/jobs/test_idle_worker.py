"""What the engine asks while there is nothing to do. Pins the names of what it is kept from."""

import sqlalchemy as sa

from tests.jobs.conftest import StartWorker
from tests.jobs.waiting import wait_until
from tests.storage.statements import sent_by


def test_the_engine_asks_for_its_schedules_and_the_lookout_for_queues_and_nobody_for_more(
    postgres_url: str, start_worker: StartWorker
) -> None:
    looks = list[str]()

    def wake() -> list[str]:
        looks.append("look")
        return []

    start_worker(postgres_url, {}, wake=wake)
    wait_until(lambda: len(looks) > 5, what="the first looks")
    with sent_by(sa.Engine) as sent:  # type: ignore[arg-type]  # all of them
        wait_until(lambda: len(looks) > 30, what="looks without anything to do")
    asked = {text.split("FROM ")[-1].split()[0] for text, _ in sent}
    assert asked <= {"dbos.workflow_status", "dbos.workflow_schedules"}
    questions = [text.split()[:3] for text, _ in sent if "dbos.workflow_status" in text]
    assert {tuple(words) for words in questions} == {("SELECT", "DISTINCT", "dbos.workflow_status.queue_name")}
