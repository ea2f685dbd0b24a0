"""What a message asks: its questions, their language, spelling, roles and kinds. Imports nothing from bot."""
