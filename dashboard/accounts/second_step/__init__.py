"""The second step of logging in: a login that was begun is finished by a second factor."""
