"""The commands of the terminal, subject by subject; `bot.cli` puts them in order."""
