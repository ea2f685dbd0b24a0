"""Readers of one file format each. They import nothing from bot or index."""
