"""Charts of the last 24 hours: cases received, the settled part of them, and the shares of the tiers."""
