"""The trash: deleted records of any kind, stored whole until they are restored or purged."""
