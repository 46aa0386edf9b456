"""The register of consents and refusals, and contacts."""
