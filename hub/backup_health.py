"""How old the newest backup is, and the newest that anybody has seen to be whole."""

from datetime import timedelta

from hub.domain.actor import HUB
from hub.domain.backup_note import OLD_AFTER, UNCHECKED_AFTER, UNDRILLED_AFTER, BackupKind, BackupState
from hub.findings import Finding, fine, warning
from hub.services.backups import noting
from hub.wiring import Hub


def look_at_backups(hub: Hub) -> Finding:
    """How they are; a hub for trying out needs none."""
    with hub.reading(HUB) as tx:
        is_any = bool(noting.listed(tx))
        ages = noting.ages(tx, real_now=hub.real_clock.now())
    made, checked, drilled = (ages[BackupKind.WHOLE, state] for state in BackupState)
    said = f"the newest is {_told(made)} old, the newest checked {_told(checked)}, the newest drilled {_told(drilled)}"
    if not is_any and hub.settings.embedded:
        return fine("none noted")
    if made > OLD_AFTER:
        none = "none was noted: does hub-backup.timer run? See `hub backups list`"
        return warning(f"{said}: does hub-backup.timer run? See `hub backups list`" if is_any else none)
    if checked > UNCHECKED_AFTER:
        return warning(f"{said}: run `hub restore DIR --check`")
    if drilled > UNDRILLED_AFTER:
        return warning(f"{said}: run `hub restore DIR --drill`")
    return fine(said if is_any else "none noted yet")


def _told(age: timedelta) -> str:
    hours = int(age / timedelta(hours=1))
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"
