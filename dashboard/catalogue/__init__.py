"""Products and their categories: models, the rules for their fields, and what can be done to them."""
