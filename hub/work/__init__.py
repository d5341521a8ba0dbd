"""What the worker runs: each job a thin shell over a service, each schedule a sweep.

How jobs are kept and taken is in `hub.jobs`; what they do is in `hub.services`.
"""
