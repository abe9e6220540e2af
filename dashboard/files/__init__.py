"""Files and pictures that belong to records: their store, their rows, and the lists that refer to them."""
