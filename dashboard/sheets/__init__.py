"""Tables in files: recognised, read and written. It knows no database and no screen."""
