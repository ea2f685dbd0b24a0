"""A Library on a folder: SQLite catalogue and FAISS vectors, one folder a generation.

Imports neither bot nor knowledge.
"""
