"""The page that shows the OpenAPI document, from assets that came with the installation; it asks no other host."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory

from hub.domain.errors import NotFound
from hub.web.access import public
from hub.web.api.describing import PREFIX

blueprint = Blueprint("api_docs", __name__, url_prefix="/api/docs")

_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
_TAKEN = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-16x16.png", "favicon-32x32.png"})

# The validator badge would send the document's address to a third party.
_START = f"""\
window.addEventListener("load", () => {{
  SwaggerUIBundle({{
    url: "{PREFIX}/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
  }});
}});
"""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Negotiated Repayment Hub</title>
<link rel="icon" type="image/png" href="/api/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
<script src="/api/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/api/docs/start.js" defer></script>
</head>
<body><main id="swagger-ui"></main></body>
</html>
"""

# Swagger UI's style sheet holds its small pictures as data: addresses.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@blueprint.route("", strict_slashes=False)
@public
def page() -> Response:
    """The page."""
    return Response(_PAGE, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _POLICY})


@blueprint.route("/start.js")
@public
def start() -> Response:
    """The script that fills the page."""
    return Response(_START, content_type="text/javascript; charset=utf-8")


@blueprint.route("/assets/<name>")
@public
def asset(name: str) -> Response:
    """One of the assets that the page needs."""
    if name not in _TAKEN:
        raise NotFound
    response = send_from_directory(_ASSETS, name, max_age=3600)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
