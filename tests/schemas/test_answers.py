"""The schemas of all bodies and answers: an OpenAPI 3.1 document of them is valid."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from openapi_spec_validator import validate

from schemas import actions as deeds
from schemas import affordability, answers, application, bank_answers, calls, launches, offer_answers, offers
from schemas.base import Schema

MODULES = (application, offers, deeds, calls, affordability, launches, answers, offer_answers, bank_answers)


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
