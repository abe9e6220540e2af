"""The records that a mapped class refers to: looked up, typed, linked to and filtered by."""
