"""The hub: the wiring of its rooms, its settings and its health; each room says for itself what lives there.

What two modules of this floor share is in a room below; services and what is under them know no `wiring`.
"""
