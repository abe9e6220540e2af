"""The screens themselves: products, categories, users, the trash, the home page and the palette."""
