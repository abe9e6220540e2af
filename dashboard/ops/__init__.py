"""Running the console: health checks for whoever watches it."""
