"""How an application is served: two WSGI servers, their bounds on time and memory, their processes and their lines.

What is served, and whether it may be, is for the commands to say: nothing here opens a hub.
"""
