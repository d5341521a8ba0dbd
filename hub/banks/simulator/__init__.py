"""The far side of each adapter, for demos and tests: banks that speak the real wire.

No web process or worker loads it, and it shares no state with the hub.
"""
