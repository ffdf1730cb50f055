"""Runs `main.py tour`."""

import sys

from ui.tour.shift import main

if __name__ == "__main__":
    sys.exit(main())
