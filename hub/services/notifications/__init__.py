"""What people, desks, operators and host apps are told: put into the outbox, worded, sent, and come back.

Whether something happened is decided elsewhere; here is only the telling.
"""
