"""The tour: plays the script of a shift in the real window, checks what is shown and takes pictures."""
