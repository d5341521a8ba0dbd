"""A machine that does at random what people, banks, workers and clocks can do, beside a model of the contract."""
