"""A staff console for products and people, proved in a real browser."""
