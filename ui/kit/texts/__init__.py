"""What the screens say: words in the current language, times, numbers, names, and texts of faults."""
