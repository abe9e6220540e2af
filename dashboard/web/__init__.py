"""Parts that all pages share: addresses, forms, messages, scripts and styles, headers, navigation."""
