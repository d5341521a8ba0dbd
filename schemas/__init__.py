"""The shapes on the wire: what comes in becomes a value of the domain or all its faults; what goes out is described.

No database, no service and no web is known here, and no rule: those are in `hub.domain`.
"""
