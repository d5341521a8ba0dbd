"""Pages of the desk that only a deed leads to, in both languages: no word of the other, none of the machine."""

from __future__ import annotations

from flask import Flask

from hub.domain.staff import Role
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, forms_of
from tests.web.pages.portal.test_assigning import account, planned
from tests.web.pages.reading_aloud import foreign, said_in


def wrong_at(reader: Clerk, *addresses: str) -> list[str]:
    """What does not belong on the pages, in either language."""
    found = []
    for language in ("zh", "en"):
        reader.page(f"/portal/?lang={language}")
        for address in addresses:
            said = said_in(reader.page(address), language)
            found += [f"{address} in {language}: {each}" for each in foreign(said, language)]
    return found


def test_cases_given_to_somebody(clerk: Clerk, chief: Clerk) -> None:
    case = clerk.case
    _, fields = planned(chief, account(case.hub, Role.REVIEWER), case)
    done = chief.web.post("/portal/assign", data=fields)
    assert done.status_code == 303
    assert wrong_at(chief, f"/portal/assign?case={case.id}", done.location.partition("?")[0]) == []


def test_an_export_that_waits_for_a_second_person_is_made_and_is_listed(app: Flask, case: Case) -> None:
    admin, chief = Clerk(app, "bank-admin", case), Clerk(app, "supervisor", case)
    new = "/portal/exports/new?kind=queue"
    fields = forms_of(admin.get(new))["new"] | {"extent": "in_full", "reason": "监管报送"}
    asked = admin.web.post("/portal/exports/new", data=fields)
    assert asked.status_code == 303
    assert wrong_at(admin, new, asked.location) == []
    assert wrong_at(chief, asked.location, "/portal/exports") == []
    decision = forms_of(chief.get(asked.location))["decision"]
    chief.web.post(f"{asked.location}/decision", data=decision | {"do": "approve"})
    case.work_off()
    assert wrong_at(admin, asked.location, "/portal/exports") == []
    assert wrong_at(chief, asked.location, "/portal/audit") == []


def test_views_that_somebody_keeps(app: Flask, case: Case) -> None:
    for role in ("reviewer", "supervisor"):
        clerk = Clerk(app, role, case)
        clerk.post("/portal/views", {"name": "因病优先", "query": "reason=illness"})
        assert wrong_at(clerk, "/portal/", "/portal/views", clerk.address, f"{clerk.address}/notes") == []


def test_a_filter_by_owner_and_a_colleague(app: Flask, case: Case) -> None:
    Clerk(app, "reviewer", case)
    me = account(case.hub, Role.REVIEWER)
    assert wrong_at(Clerk(app, "supervisor", case), f"/portal/?owner={me}", "/portal/?owner=none") == []
    assert wrong_at(Clerk(app, "bank-admin", case), f"/portal/staff/{me}", f"/portal/staff/{me}/sessions") == []
