"""What we know about careers. Imports neither bot nor discord, faiss or torch."""
