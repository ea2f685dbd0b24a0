"""What a new generation would change in the answers, and what speaks against publishing it."""
