"""The jobs that look at what was submitted, each with the kind of id that it is called with."""

from hub.jobs.port import Job

SCREEN_APPLICATION, SCREEN_NEGOTIATION, AFTER_VERDICT = "screen_application", "screen_negotiation", "after_verdict"


def screen_application(application_id: str) -> Job:
    """Screens every negotiation of an application that was just submitted."""
    return _job(SCREEN_APPLICATION, application_id, why="submitted")


def screen_negotiation(negotiation_id: str, *, why: str) -> Job:
    """Screens one negotiation; `why` tells one time from another."""
    return _job(SCREEN_NEGOTIATION, negotiation_id, why=why)


def after_verdict(application_id: str, evidence_id: str) -> Job:
    """Goes on with the negotiations of an application that the file was given to."""
    return _job(AFTER_VERDICT, application_id, why=f"judged:{evidence_id}")


def after_copy(application_id: str, evidence_id: str) -> Job:
    """Does the same once a file that was judged before has its clean copy."""
    return _job(AFTER_VERDICT, application_id, why=f"copied:{evidence_id}")


def after_drawing(application_id: str, evidence_id: str) -> Job:
    """Does the same once the pages of the file are drawn."""
    return _job(AFTER_VERDICT, application_id, why=f"drawn:{evidence_id}")


def _job(name: str, argument: str, *, why: str) -> Job:
    # Under this key versions with one job for all three put it in; the same cause is the same job still.
    return Job(name=name, key=f"screen:{argument}:{why}", argument=argument, queue="documents")
