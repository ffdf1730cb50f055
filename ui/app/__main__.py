"""`main.py console`."""

import sys

if __name__ == "__main__":
    from ui.app import imports, sweeping

    imports.without_switches()
    sweeping.hold()
    from ui.app.start import main  # after both: there is much to import

    sys.exit(main())
