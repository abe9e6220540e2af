"""The engine under every list: columns, filters, the state in the address, and pages of rows."""
