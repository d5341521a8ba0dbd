"""The pages below `/ops/`, put into one blueprint: what is stuck, and what an operator can do about it.

No person's data is shown here: negotiations are named by their references.
"""

from flask import Blueprint

from hub.web.pages.ops import (
    appointments,
    audit,
    bank_people,
    bank_services,
    banks,
    calendar,
    clocks,
    creditors,
    deliveries,
    home,
    jobs,
    keys,
    mails,
    negotiations,
    partners,
    retention,
    tasks,
)

pages = Blueprint("ops", __name__, url_prefix="/ops")

for _each in (
    home,
    tasks,
    appointments,
    deliveries,
    jobs,
    mails,
    clocks,
    calendar,
    banks,
    bank_people,
    bank_services,
    creditors,
    partners,
    keys,
    audit,
    negotiations,
    retention,
):
    pages.register_blueprint(_each.pages)
