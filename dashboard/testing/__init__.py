"""Building blocks of test suites; the console itself never imports them."""
