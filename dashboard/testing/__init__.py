"""What suites of tests are built from; the console itself never imports it."""
