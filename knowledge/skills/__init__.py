"""The skill catalogue. May not import Discord, an index engine or the application."""
