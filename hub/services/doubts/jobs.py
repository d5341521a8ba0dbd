"""The job that looks for doubts about one negotiation; `why` tells one time from another."""

from hub.jobs.port import Job

LOOK_FOR_DOUBTS = "look_for_doubts"


def look_for_doubts(negotiation_id: str, *, why: str) -> Job:
    """Looks at the negotiation and all that was given to it."""
    return Job(name=LOOK_FOR_DOUBTS, key=f"doubts:{negotiation_id}:{why}", argument=negotiation_id)
