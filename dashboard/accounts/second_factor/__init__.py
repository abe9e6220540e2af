"""Second factors: which there are, which a user has, and who needs one. Each kind has a folder of its own."""
