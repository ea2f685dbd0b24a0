"""Cogs, one file per subject. They receive collaborators and hold no logic."""
