"""Style sheets and scripts, each under an address that changes with its bytes, so that a browser keeps it for good."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request

from hub.domain.errors import NotFound
from hub.web.access import public

blueprint = Blueprint("assets", __name__, url_prefix="/assets")

STATIC = Path(__file__).parents[1] / "static"
ICON = "icon.svg"
MANIFEST = "hub.webmanifest"
_STYLES = STATIC / "css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
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


def _asset(name: str, content: bytes) -> Asset:
    return Asset(
        name=name,
        version=hashlib.sha256(content).hexdigest()[:16],
        content=content,
        zipped=gzip.compress(content, 9, mtime=0),
    )


def style_sheet() -> str:
    """The files below `css` as one sheet, in the order of their names, without comments and blank lines."""
    sheet = "\n".join(path.read_text("utf-8") for path in sorted(_STYLES.glob("*.css")))
    return "\n".join(line.strip() for line in _COMMENT.sub("", sheet).splitlines() if line.strip())


@cache
def assets() -> Mapping[str, Asset]:
    """All assets by name; the style sheet is one of them."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}
    files["hub.css"] = style_sheet().encode()
    # The manifest names the icon by the address under which it is kept.
    icon = _asset(ICON, files[ICON])
    files[MANIFEST] = files[MANIFEST].replace(ICON.encode(), icon.url.encode())
    return {name: _asset(name, content) for name, content in files.items()}


def icon_data() -> str:
    """The icon of the tab as an address that holds all of it, so that nobody asks for it."""
    return "data:image/svg+xml," + quote(assets()[ICON].content.decode().strip())


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
