"""The demo: invented people, their stories, and the filling of an empty hub with both.

Nothing here writes a row by itself, and a production never meets it.
"""
