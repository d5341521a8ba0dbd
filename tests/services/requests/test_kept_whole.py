"""What is kept of requests: invariants find what was changed; heads, exports and erasures cover them."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.domain.log_chain import verify
from hub.domain.retention import Periods
from hub.services.documents import person_exports
from hub.services.erasure import requests as erasures
from hub.services.log_heads import signing
from hub.services.operating import invariants
from storage import deliveries, log_heads, service_requests
from storage.records import (
    DeliveryRecord,
    MailRecord,
    RequestContentRecord,
    RequestEntryRecord,
    ServiceRequestRecord,
)
from storage.records.negotiations import NO_CLOCK
from tests.services.case import china
from tests.services.requests.asking import CLIENT, CMB, ICBC, SUBJECT, Asking, Happens, open_one
from tests.storage.owner import as_owner


def _breaches(asking: Asking) -> set[str]:
    with asking.hub.reading(HUB) as tx:
        return {each.invariant for each in invariants.breaches(tx, asking.hub.store)}


def test_nothing_is_wrong_with_one_that_went_its_way(asking: Asking) -> None:
    asking.opened(ICBC)
    assert _breaches(asking) == set()
    asking.move(Happens.ANSWERED)
    signing.sign_all(asking.hub)
    assert _breaches(asking) == set()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (lambda: sa.update(ServiceRequestRecord).values(status="done"), "status_is_logged"),
        (lambda: sa.update(ServiceRequestRecord).values(due_at=china("2026-12-09 18:00")), "due_time"),
        (lambda: sa.update(ServiceRequestRecord).values(log_mac=None, log_length=1), "log_chain"),
        (lambda: sa.update(DeliveryRecord).values(sha256="0" * 64), "one_content"),
        (lambda: sa.delete(RequestContentRecord), "log_chain"),
        (lambda: sa.update(ServiceRequestRecord).values(contents_sealed=b"x"), "sealed_values"),
    ],
)
def test_what_somebody_changed_is_found(asking: Asking, changed: Callable[[], sa.Executable], found: str) -> None:
    asking.opened(ICBC)
    with as_owner(asking.hub.settings.database_url) as connection:
        connection.execute(changed())
    assert found in _breaches(asking)


def test_a_signed_head_covers_its_log(asking: Asking) -> None:
    asking.opened(ICBC)
    signing.sign_all(asking.hub)
    with asking.hub.reading(HUB) as tx:
        (end,) = log_heads.list_ends(tx, asking.id)
        assert (end.length, log_heads.list_uncovered(tx, limit=10)) == (asking.row().log_length, [])
        assert log_heads.list_chains_gone(tx, but=["access_entry", "audit_entry"]) == []


def test_an_export_of_the_person_has_it_whole(asking: Asking) -> None:
    asking.opened(ICBC)
    with asking.hub.writing(HUB) as tx:
        found = person_exports.of_subject(tx, CLIENT, SUBJECT, Periods.parse(""), language="zh")
    (request,) = json.loads(json.dumps(found.areas["kept_for_you"]))["requests"]
    assert (request["id"], request["contents"]["amount_fen"]) == (asking.matter_id, 123_456)
    assert [each["kind"] for each in request["log"]] == asking.kinds()


def test_an_erasure_takes_words_contents_and_messages_and_leaves_the_chain_whole(asking: Asking) -> None:
    asking.opened(ICBC).move(Happens.ANSWERED)
    signing.sign_all(asking.hub)
    with asking.hub.writing(HUB) as tx:
        erasures.erase_subject(tx, CLIENT, SUBJECT, Periods.parse(""))
    row = asking.row()
    assert (row.contents_sealed, row.owner_index, row.erased_at) == (b"", b"", asking.clock.at)
    lines = asking.lines()
    assert verify(lines) is None
    assert [line["text"] is None for line in lines] == [True] * (len(lines) - 1) + [False]
    with asking.hub.reading(HUB) as tx:
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(DeliveryRecord)) == 0
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(RequestEntryRecord)) == len(lines)
    assert _breaches(asking) == set()


def test_one_that_is_open_is_closed_with_its_person_and_the_bank_told(asking: Asking) -> None:
    asking.opened(ICBC)
    with asking.hub.writing(HUB) as tx:
        erasures.erase_subject(tx, CLIENT, SUBJECT, Periods.parse(""))
    row = asking.row()
    assert (row.status, row.closed_at, row.erased_at) == ("closed", asking.clock.at, asking.clock.at)
    assert (row.due_at, row.remind_at, row.look_at, row.contents_sealed) == (NO_CLOCK, None, None, b"")
    assert asking.kinds()[-3:] == ["request_closed", "erased", "delivered"]
    assert verify(asking.lines()) is None
    with asking.hub.reading(HUB) as tx:
        (told,) = tx.session.scalars(sa.select(DeliveryRecord))
        said = {"request": asking.matter_id, "reference": row.reference, "closed": "person_erased"}
        assert deliveries.body_of(tx, told)["data"] == said
        with pytest.raises(NotFound):
            service_requests.find_of_bank(tx, asking.matter_id, bank_code=ICBC)
    assert _breaches(asking) == set()


def test_the_desk_gets_no_mail_of_an_erasure(asking: Asking) -> None:
    asking.opened(ICBC)
    with asking.hub.writing(HUB) as tx:
        before = tx.session.scalar(sa.select(sa.func.count()).select_from(MailRecord))
        erasures.erase_subject(tx, CLIENT, SUBJECT, Periods.parse(""))
        tx.session.flush()
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(MailRecord)) == before


def test_what_never_reached_the_bank_is_closed_without_a_word(asking: Asking) -> None:
    with asking.hub.writing(HUB) as tx:
        record = open_one(tx, CMB)
        asking.id = record.id
        erasures.erase_subject(tx, CLIENT, SUBJECT, Periods.parse(""))
    assert (asking.row().status, asking.row().reached_bank_at) == ("closed", None)
    with asking.hub.reading(HUB) as tx:
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(DeliveryRecord)) == 0
    assert _breaches(asking) == set()
