"""Speed against a floor: `python -m tests.bench` prints it. No part of the test suite."""
