"""The tour: the script of a shift played in the real window, asserted and pictured."""
