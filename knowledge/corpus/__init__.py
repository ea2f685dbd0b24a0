"""Files → cleaned Documents, with complaints. Imports nothing from bot or index."""
