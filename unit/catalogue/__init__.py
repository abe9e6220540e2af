"""Products and categories: rules, flows and the sample."""
