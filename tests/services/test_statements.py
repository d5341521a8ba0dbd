"""How often the database is asked: a list costs the same however long it is, and a submission reads nothing twice."""

from collections.abc import Callable

from hub.domain.actor import Actor, Channel, Party
from hub.domain.paging import Page
from hub.services.applications import intake
from hub.services.reading import host_app
from hub.services.reading.bank.queue import list_views
from hub.wiring import Hub
from schemas.application import load_application
from tests import applications
from tests.conftest import AddClient, Submit
from tests.services.conftest import OpenCase
from tests.storage.statements import sent_by

BANK = Actor(party=Party.BANK, id="client/bank", channel=Channel.API)


def _statements_of_a_queue(hub: Hub) -> int:
    with hub.reading(BANK) as tx, sent_by(tx.session.connection()) as sent:
        page = Page(limit=50)
        found = list_views(tx, applications.ICBC, statuses=(), due_before=None, page=page, language="zh")
    assert found.items
    return len(sent)


def test_a_queue_of_eight_takes_no_more_statements_than_one_of_one(
    hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    submitted(applications.ICBC)
    work_off()
    alone = _statements_of_a_queue(hub)
    for _ in range(7):
        submitted(applications.ICBC)
    work_off()
    assert _statements_of_a_queue(hub) == alone


def test_a_list_of_three_with_agreements_takes_no_more_statements_than_one_of_one(open_case: OpenCase) -> None:
    taken = []
    for _ in range(3):
        case = open_case()
        case.accept(case.offer())
        case.work_off()
        with case.hub.reading(case.cardholder) as tx, sent_by(tx.session.connection()) as sent:
            page = Page(limit=50)
            found = host_app.list_negotiations(tx, case.client_id, statuses=(), subject=None, page=page, language="zh")
        assert all(each["agreement"]["document"] for each in found.items)
        taken.append((len(found.items), len(sent)))
    counts = {count for _, count in taken}
    assert [length for length, _ in taken] == [1, 2, 3]
    assert len(counts) == 1, taken


def test_a_submission_reads_nothing_that_it_wrote_or_read_before(
    hub: Hub, submitted: Submit, add_client: AddClient
) -> None:
    submitted(applications.ICBC)
    client, _ = add_client("another host app", "applications:write")
    body = applications.application(applications.ICBC, applications.CMB)
    loaded = load_application(body, now=hub.clock.now())
    assert loaded.value is not None
    actor = Actor(party=Party.CARDHOLDER, id=f"client/{client.id}", channel=Channel.API)
    with hub.writing(actor) as tx, sent_by(tx.session.connection()) as sent:
        assert not intake.reference_faults(tx, loaded.references, client_id=client.id)
        application_id = intake.submit(tx, loaded.value, client_id=client.id)
        view = host_app.application(tx, application_id, client_id=client.id, language="zh")
    assert [each["status"] for each in view["negotiations"]] == ["screening", "screening"]
    assert len(sent) == len({each.text for each in sent})
    assert len(sent) <= 15
    with hub.reading(actor) as tx:
        assert host_app.application(tx, application_id, client_id=client.id, language="zh") == view
