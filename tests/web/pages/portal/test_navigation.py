"""The rows beside every page of a desk: each leads to a page, for exactly the roles that may go there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts.staff import Staff
from hub.web.pages.portal.navigation import ROWS, Part, Row, navigation_of


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: the rows are the same on both."""
    return sqlite_database


@pytest.fixture
def addresses(app: Flask) -> MapAdapter:
    """Where an address leads."""
    return app.url_map.bind("")


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    """What is counted beside the rows is kept for one request."""
    with app.test_request_context():
        yield


def person(role: Role) -> Staff:
    bank = None if role == Role.OPERATOR else "01020000"
    return Staff(id="1", bank_code=bank, role=role, email="li@bank.example", name="李静", is_demo=False)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.address)
def test_each_row_leads_to_a_page_that_is_for_exactly_its_roles(app: Flask, addresses: MapAdapter, row: Row) -> None:
    endpoint, _ = addresses.match(row.address, method="GET")
    view: Any = app.view_functions[endpoint]
    assert view.access == " or ".join(sorted(row.roles))


def test_a_person_sees_the_rows_of_their_role_alone() -> None:
    for role in (*BANK_ROLES, Role.OPERATOR):
        shown = [row for rows in navigation_of(person(role), "/portal/").parts.values() for row in rows]
        assert shown == [row for part in Part for row in ROWS if role in row.roles and row.part == part]
        assert {row.address.split("/")[1] for row in shown} == {"ops" if role == Role.OPERATOR else "portal"}


@pytest.mark.parametrize("role", [*BANK_ROLES, Role.OPERATOR])
def test_no_two_rows_of_a_desk_look_alike(role: Role) -> None:
    symbols = [row.symbol for row in ROWS if role in row.roles]
    assert len(symbols) == len(set(symbols))


@pytest.mark.parametrize(
    ("role", "path", "here"),
    [
        (Role.REVIEWER, "/portal/", "/portal/"),
        (Role.REVIEWER, "/portal/negotiations/0123/offer", "/portal/"),
        (Role.BANK_ADMIN, "/portal/staff", "/portal/staff"),
        (Role.REVIEWER, "/portal/staff", ""),
        (Role.REVIEWER, "/portal/sessions", ""),
        (Role.OPERATOR, "/ops/banks/01020000", "/ops/banks"),
    ],
)
def test_the_row_of_the_page_is_marked(role: Role, path: str, here: str) -> None:
    assert navigation_of(person(role), path).here == here
