"""`python -m e2e.browser` finds a Chromium for the suite, or installs one."""

import sys

from dashboard.testing.harness.browser import main

if __name__ == "__main__":
    sys.exit(main())
