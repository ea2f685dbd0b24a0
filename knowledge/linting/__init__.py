"""What is wrong with documents, found in all of them together: pure, from a corpus that was read."""
