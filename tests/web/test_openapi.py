"""The OpenAPI document and the page that shows it."""

from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator


def test_the_openapi_document_is_valid(web: FlaskClient) -> None:
    document = web.get("/api/v1/openapi.json").get_json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
