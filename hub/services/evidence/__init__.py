"""Files that people and banks hand in: taken, judged, copied clean, given out again, and looked after for decay.

What a message or an application does with a file is told by its own room.
"""
