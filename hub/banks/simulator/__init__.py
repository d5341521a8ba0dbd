"""The far side of each adapter, for demos and tests: banks that speak the real wire. No web or worker loads it."""
