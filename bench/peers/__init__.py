"""The consoles that ours is measured beside, each set up as its users would."""
