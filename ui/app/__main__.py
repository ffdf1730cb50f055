"""`main.py console`."""

import sys

from ui.app.start import main

if __name__ == "__main__":
    sys.exit(main())
