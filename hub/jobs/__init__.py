"""The queue of jobs behind a port: the engine, the worker that takes jobs, schedules, recovery.

What a job does is in `hub.work`; nothing here knows a negotiation.
"""
