"""Small faults of the kind that people ship, and the tests that notice them. e2e/faulty.py seeds them."""

from e2e.faults.fault import Fault
from e2e.faults.scripts import SCRIPTS
from e2e.faults.styles import STYLES
from e2e.faults.templates import TEMPLATES

__all__ = ["FAULTS", "Fault"]

FAULTS = {**SCRIPTS, **STYLES, **TEMPLATES}
