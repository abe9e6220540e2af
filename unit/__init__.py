"""The unit suite: it mirrors the package, over real databases, without a browser."""
