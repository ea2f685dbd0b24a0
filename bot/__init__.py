"""The application: people, terminal, wiring. Nothing imports this package."""
