"""Style sheets and scripts, each under an address that changes with its bytes, so that a browser keeps it for good."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from hub.domain.errors import NotFound
from hub.web.access import public

blueprint = Blueprint("assets", __name__, url_prefix="/assets")

STATIC = Path(__file__).parents[1] / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file with its compressed form; `version` is of its bytes."""

    name: str
    version: str
    content: bytes = field(repr=False)
    zipped: bytes = field(repr=False)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"/assets/{self.version}/{self.name}"


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(
        name=path.name,
        version=hashlib.sha256(content).hexdigest()[:16],
        content=content,
        zipped=gzip.compress(content, 9, mtime=0),
    )


@cache
def assets() -> Mapping[str, Asset]:
    """All assets by name."""
    return {path.name: _asset(path) for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}


def asset_url(name: str) -> str:
    """The address of the asset of that name."""
    return assets()[name].url


@blueprint.route("/<version>/<name>")
@public
def asset(version: str, name: str) -> Response:
    """The bytes, to be kept for good."""
    found = assets().get(name)
    if found is None or found.version != version:
        raise NotFound
    zips = request.accept_encodings["gzip"] > 0
    response = Response(found.zipped if zips else found.content, content_type=_TYPES[Path(name).suffix])
    if zips:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
