"""A host app has its person erased: by API, once, and nobody else's."""

from typing import Any

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import applications
from storage.records import ApplicationRecord, NegotiationRecord
from tests.conftest import AddCaller
from tests.web.caller import Caller, json_of, made


def subject_of(hub: Hub, path: str) -> str:
    """The host app's name for the person of the negotiation."""
    with hub.reading(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, path.rpartition("/")[2])
        application = tx.session.get_one(ApplicationRecord, row.application_id)
        return applications.application_of(tx, application).applicant.subject


def erase(caller: Caller, subject: str, **options: Any) -> Any:
    return caller.post(f"/people/{subject}/erasure", **options)


def test_what_is_open_is_named(hub: Hub, host_app: Caller, offered: str) -> None:
    path = offered.partition("/offers/")[0]
    refused = erase(host_app, subject_of(hub, path))
    assert refused.status_code == 409
    problem = json_of(refused)
    assert problem["code"] == "negotiation_open"
    assert problem["references"] == [made(host_app.get(path), 200)["reference"]]
    assert problem["references"][0] in problem["detail"]


def test_a_person_is_erased_once_and_the_same_key_says_the_same(hub: Hub, host_app: Caller, offered: str) -> None:
    path = offered.partition("/offers/")[0]
    subject = subject_of(hub, path)
    made(host_app.post(f"{path}/withdraw"), 200)
    reference = made(host_app.get(path), 200)["reference"]
    first = erase(host_app, subject, key="once")
    answer = made(first, 202)
    assert {each["what"] for each in answer["goes"] if each["reference"] == reference} == {"files", "application"}
    assert answer["stays"] == []
    assert made(erase(host_app, subject, key="once"), 202) == answer
    assert erase(host_app, subject).status_code == 404
    left = made(host_app.get(path), 200)
    assert (left["status"], left["proposal"], left["offers"]) == ("withdrawn", None, [])
    assert left["erased_at"] is not None
    gone = host_app.get(f"{path}/communications")
    assert gone.status_code == 410
    assert json_of(gone)["code"] == "negotiation_erased"
    assert made(host_app.get("/negotiations"), 200)["items"] == []


def test_an_agreement_in_force_stays(hub: Hub, host_app: Caller, agreed: str) -> None:
    answer = made(erase(host_app, subject_of(hub, agreed)), 202)
    assert [(each["what"], each["why"], each["until"]) for each in answer["stays"]] == [
        ("agreement", "agreement_in_force", None)
    ]
    assert made(host_app.get(agreed), 200)["agreement"]["status"] == "in_force"


def test_another_clients_person_is_unknown(hub: Hub, caller: AddCaller, offered: str) -> None:
    other = caller("another app", "applications:write")
    assert erase(other, subject_of(hub, offered.partition("/offers/")[0])).status_code == 404
