"""The register pages."""
