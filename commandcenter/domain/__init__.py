"""The domain model of a dispatch hall: standard library only; no input or output, no clock, no randomness."""
