"""Documents that admins add and remove, and the conversion of those that are no text."""
