"""What every page shares: addresses, forms, messages, scripts and styles, headers, navigation."""
