"""The real parts driven from above: serve, seed, import, the living shift, the tour's script."""
