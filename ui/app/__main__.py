"""Entry point of `main.py console`."""

import sys

if __name__ == "__main__":
    from ui.app import garbage, imports

    imports.without_switches()
    garbage.hold()
    from ui.app.start import main  # after both calls: it imports most of the program

    sys.exit(main())
