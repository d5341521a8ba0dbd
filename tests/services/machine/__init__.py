"""A machine that does at random what people, banks, workers and clocks can do, beside a model of the contract."""

import pytest

pytest.register_assert_rewrite("tests.services.machine.agreeing", "tests.services.machine.world")
