"""PDF and Word files into HTML, in a process of its own; nothing else of ours is imported."""
