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
        whole = [each for each in noting.listed(tx) if each.kind is BackupKind.WHOLE]
        ages = noting.ages(tx, real_now=hub.real_clock.now())
    made, checked, drilled = (ages[BackupKind.WHOLE, state] for state in BackupState)
    if not whole:
        if made > OLD_AFTER and not hub.settings.embedded:
            return warning("none was noted: does hub-backup.timer run? See `hub backups list`", "no_backup")
        return fine("none noted" if hub.settings.embedded else "none noted yet", "no_backup_yet")
    # Where none was checked or drilled, that age is the hub's own.
    is_checked = any(each.checked_at for each in whole)
    is_drilled = any(each.drilled_at for each in whole)
    said = (
        f"the newest is {_told(made)} old, the newest checked {_told(checked) if is_checked else 'none yet'}, "
        f"the newest drilled {_told(drilled) if is_drilled else 'none yet'}"
    )
    newest = {"hours": _hours(made)}
    if made > OLD_AFTER:
        return warning(f"{said}: does hub-backup.timer run? See `hub backups list`", "backup_old", **newest)
    if checked > UNCHECKED_AFTER:
        detail = f"{said}: run `hub restore DIR --check`"
        return warning(detail, "backup_unchecked", **newest, proved_hours=_hours(checked))
    if drilled > UNDRILLED_AFTER:
        detail = f"{said}: run `hub restore DIR --drill`"
        return warning(detail, "backup_undrilled", **newest, proved_hours=_hours(drilled))
    return fine(said, "backups_fine", **newest)


def _told(age: timedelta) -> str:
    hours = _hours(age)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def _hours(age: timedelta) -> int:
    return int(age / timedelta(hours=1))
