"""What the worker runs: each job a thin shell over a service, each schedule a sweep."""
