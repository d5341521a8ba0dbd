"""Views of the services with what only a reader's language can add: a sentence to each fault of a return."""

from hub.domain.plain import Plain
from hub.web.sentences import Locale, sentence


def negotiation(view: Plain, locale: Locale) -> Plain:
    """The negotiation, its faults with a sentence each."""
    if not view.get("faults"):
        return view
    faults = [{**fault, "message": sentence(fault["code"], {}, locale)} for fault in view["faults"]]
    return {**view, "faults": faults}


def application(view: Plain, locale: Locale) -> Plain:
    """The application, its negotiations as `negotiation` shows them."""
    return {**view, "negotiations": [negotiation(each, locale) for each in view["negotiations"]]}
