"""How the seal on papers is: whose certificate, for how long, who can read its key, and whether time stamps come."""

import stat
from urllib.parse import urlsplit

from hub.documents.paper_seal import PaperSeal
from hub.domain.errors import TryAgain
from hub.findings import TO_COME, Finding, State, fine, warning, wrong
from hub.wiring import Hub


def look_at_seal(hub: Hub) -> Finding:
    """How it is. Makes nothing; asks the authority for a stamp where there is one. Raises `Unusable`."""
    if not hub.sealing.is_made:
        return warning("none yet: `hub up` makes its own", TO_COME)
    given = hub.sealing.given
    if given is None:
        return warning("none: papers are not sealed, and do not say so; set HUB_PAPER_KEY_FILE")
    of = f"{given.subject}, serial {given.serial}"
    if not given.is_valid_at(hub.real_clock.now()):
        return wrong(f"{of} ended on {given.ends_on} or has not begun: papers are not sealed; docs/operating.md")
    stamps = _stamps(hub)
    worries = [each for each in (_ending(hub, given), _readable(hub), stamps) if each and each.state != State.FINE]
    return worries[0] if worries else fine(f"{of}, to {given.ends_on}; {stamps.detail}")


def _ending(hub: Hub, given: PaperSeal) -> Finding | None:
    if not given.ends_soon(hub.real_clock.now()):
        return None
    return warning(f"{given.subject}, serial {given.serial} ends on {given.ends_on}: make a new one, docs/operating.md")


def _readable(hub: Hub) -> Finding | None:
    path = hub.settings.paper_key_file
    if path is None or not stat.S_IMODE(path.stat().st_mode) & 0o007:
        return None
    return warning(f"everybody on this machine can read {path}: run `chmod 400 {path}`")


def _stamps(hub: Hub) -> Finding:
    """How the authority is that stamps the times of seals."""
    signer = hub.sealing.signer
    if hub.settings.tsa_url is None or signer is None:
        return fine("without time stamps")
    try:
        signer.check_stamps()
    except TryAgain as error:
        return warning(f"{error}: papers wait ten minutes, and go out without a stamp; HUB_TSA_URL")
    return fine(f"time stamps by {urlsplit(hub.settings.tsa_url).hostname}")
