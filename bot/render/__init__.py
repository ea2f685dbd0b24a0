"""Replies and notices as Discord messages: pure, and always within the platform's limits."""
