"""Sending what was written at the pages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import Fault, Refused
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts
from hub.wiring import Hub
from schemas.application import load_application
from storage.records import ApplicationRecord
from tests import applications
from tests.applications import ICBC

OTHERS = "13900009999"


@pytest.mark.parametrize("launched_by", [None, "host-app"])
def test_nobody_applies_with_a_mobile_that_is_not_theirs(
    hub: Hub, banks: Mapping[str, Bank], launched_by: str | None
) -> None:
    application = load_application(applications.application(ICBC, evidence=[]), now=hub.clock.now()).value
    assert application is not None
    assert application.applicant.mobile != OTHERS
    person = Cardholder(key="k", mobile=OTHERS, mobile_indexes=(b"i",), client_id=launched_by)
    with hub.writing(person.actor) as tx, pytest.raises(Refused) as refused:
        drafts.submit(tx, person, application, verified=frozenset())
    assert refused.value.faults == (Fault("/applicant/mobile", "mobile_not_yours"),)
    with hub.reading(HUB) as tx:
        assert tx.session.query(ApplicationRecord).count() == 0
