"""Several people who write at the same moment, by every route that writes."""
