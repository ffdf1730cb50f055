"""What is true in a dispatch hall: standard library only, no input or output, no clock, no chance."""
