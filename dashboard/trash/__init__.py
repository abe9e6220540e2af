"""The trash: records of any kind that were deleted, kept whole until they are restored or purged."""
