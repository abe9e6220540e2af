"""The deletion of a record that others refer to."""
