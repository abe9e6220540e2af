"""The database: its base, column types, engines, transactions, locks and errors."""
