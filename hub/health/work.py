"""Whether what waits in the background is done: by workers that live, and without waiting for another part."""

from datetime import timedelta

from hub.domain.actor import HUB
from hub.findings import Finding, fine, warning, wrong
from hub.services.evidence import judging
from hub.wiring import Hub
from storage import sealing_keys, worker_beats

# Workers look for due work every few seconds, so a job that waits longer than this waits for nobody.
NOBODY_WORKS_S = 60.0
# A worker beats every quarter of a minute.
SILENT_AFTER = timedelta(minutes=2)


def look_at_work(hub: Hub) -> Finding:
    """How long the oldest waits, and for what: a worker, or the verdict on a file; and whether any worker is there."""
    now = hub.real_clock.now()
    with hub.reading(HUB) as tx:
        unjudged, beats = judging.waiting(tx), worker_beats.last_beats(tx)
        # A hub that was started just now has no beat yet.
        is_new = all(now - at < SILENT_AFTER for _, at in sealing_keys.list_noted(tx.session))
    lives = any(now - at < SILENT_AFTER for at in beats.values())
    jobs_s = hub.jobs.oldest_waiting_s()
    longest_s = max(jobs_s, unjudged.longest_s)
    if longest_s <= NOBODY_WORKS_S:
        if not lives and not is_new:
            return wrong("no worker has said for two minutes that it is there: does `hub worker` run?", "no_worker")
        waiting = sum(hub.jobs.count_waiting().values()) + unjudged.files
        return fine(f"{waiting} waiting", "working", n=waiting)
    minutes = round(longest_s / 60) or 1
    if lives and jobs_s <= NOBODY_WORKS_S:
        detail = f"a worker runs, and files wait for {minutes} minutes for their verdict: see `scanner`"
        return warning(detail, "files_wait", minutes=minutes)
    return wrong(f"something waits for {minutes} minutes: does `hub worker` run?", "nobody_works", minutes=minutes)
