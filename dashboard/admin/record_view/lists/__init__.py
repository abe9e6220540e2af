"""The list, the file and the page of a record of a mapped class."""
