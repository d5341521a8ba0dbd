"""The answers' schemas: an OpenAPI 3.1 document of all of them is valid, and values and plain data dump alike."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from openapi_spec_validator import validate

from hub.domain.plain import to_plain
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Method, Terms
from schemas import affordability, answers, application, bank_answers, calls, deeds, launches, offer_answers, offers
from schemas.base import Schema
from schemas.offers import load_terms
from tests.schemas.bodies import TODAY

MODULES = (application, offers, deeds, calls, affordability, launches, answers, offer_answers, bank_answers)
TERMS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_200_000,
    first_due_on=date(2026, 12, 20),
    instalments=12,
    annual_rate_percent=Decimal("3.6"),
    method=Method.EQUAL_INSTALMENT,
)
DEFERRAL = Terms(
    kind=Kind.DEFERRAL, principal_fen=5, first_due_on=date(2026, 12, 20), months=3, annual_rate_percent=Decimal(0)
)


def documented() -> dict[str, Any]:
    spec = APISpec(title="hub", version="1", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    found = {
        each
        for module in MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Schema) and each is not Schema
    }
    for schema in sorted(found, key=lambda each: each.__name__):
        content = {"application/json": {"schema": schema}}
        answer = {"200": {"description": "it", "content": content}}
        spec.path(path=f"/{schema.__name__}", operations={"get": {"responses": answer}})
    return spec.to_dict()


def test_every_schema_fits_into_a_valid_document() -> None:
    document = documented()
    validate(document)
    parts = document["components"]["schemas"]
    # Two schemas of one name would be told apart by a number.
    assert [name for name in parts if name[-1].isdigit()] == []
    assert parts["Account"]["properties"]["principal_fen"]["type"] == "integer"
    assert parts["AnnualCostAnswer"]["properties"]["nominal_percent"]["type"] == "string"
    assert parts["AnnualCostAnswer"]["properties"]["nominal_percent"]["pattern"]
    assert parts["Account"]["properties"]["overdue_since"]["format"] == "date"
    assert parts["OfferAnswer"]["properties"]["valid_until"]["format"] == "date-time"


def test_terms_are_given_back_with_the_fields_of_their_kind_alone() -> None:
    schema = offer_answers.TermsAnswerSchema()
    assert schema.dump(DEFERRAL) == schema.dump(to_plain(DEFERRAL)) == {
        "kind": "deferral",
        "principal_fen": 5,
        "waived": {"interest_fen": 0, "penalty_fen": 0, "fees_fen": 0, "principal_fen": 0},
        "first_due_on": "2026-12-20",
        "note": "",
        "months": 3,
        "annual_rate_percent": "0.00",
    }  # fmt: skip


def test_terms_that_were_given_back_can_be_sent_again() -> None:
    schema = offer_answers.TermsAnswerSchema()
    for terms in (TERMS, DEFERRAL):
        assert load_terms(schema.dump(terms), today=TODAY) == (terms, [])


def test_an_offer_is_dumped_whole() -> None:
    schedule = schedule_of(TERMS, signed_on=TODAY)
    dumped = offer_answers.OfferAnswerSchema().dump(
        {
            "id": "offer-1",
            "by": "bank",
            "status": "open",
            "terms": TERMS,
            "balances": [],
            "schedule": schedule.rows,
            "total_fen": schedule.total_fen,
            "annual_cost": schedule.annual_cost,
            "valid_until": datetime(2026, 11, 28, 10, tzinfo=UTC),
            "oral": False,
        }
    )
    assert set(dumped) == {
        "id", "by", "status", "terms", "balances", "schedule", "total_fen", "annual_cost", "valid_until", "oral",
    }  # fmt: skip
    assert set(dumped["schedule"][0]) == {
        "number", "due_on", "principal_fen", "interest_fen", "fee_fen", "total_fen", "remaining_fen",
    }  # fmt: skip
    assert dumped["annual_cost"]["nominal_percent"] == "3.60"
    assert dumped["valid_until"] == "2026-11-28T18:00:00+08:00"


def test_a_page_is_items_and_the_way_on() -> None:
    page = answers.BankPageSchema().dump({"items": [{"code": "01020000", "response_days": 7}], "next_cursor": None})
    assert page == {"items": [{"code": "01020000", "response_days": 7}], "next_cursor": None}
