"""The reference platform: the records of its districts, their event log, and who may see which part of them."""
