"""One adapter kind a file or folder, each with `make(surroundings)`.

They do not know each other, and nothing but the catalogue knows them by name.
"""
