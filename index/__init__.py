"""A search engine for passages. Imports neither bot nor knowledge."""
