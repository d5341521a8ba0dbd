"""An attempt at a delivery: what the bank's system said of it is kept for those who look into the logs."""

import logging

import pytest

from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.conftest import OpenCase


def test_what_the_banks_system_said_of_a_message_is_a_line_of_the_log(
    open_case: OpenCase, simulated: SimulatedBank, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="hub.services.delivery"):
        case = open_case(CMB)
    [line] = [vars(each) for each in caplog.records if each.message == "delivered"]
    assert (line["bank"], line["detail"], line["levelname"]) == (CMB, f"taken by {CMB}", "INFO")
    assert [line["delivery"]] == list(simulated.taken)
    with case.row() as (_, row):
        assert line["reference"] == row.reference
