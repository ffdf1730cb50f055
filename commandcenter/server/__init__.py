"""The reference platform: the truth of a district, its log, and who may see what of it."""
