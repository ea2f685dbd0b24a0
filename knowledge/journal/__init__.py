"""What people told us: the only mutable database, with migrations.

Knows a person as a text; imports nothing of a platform.
"""
