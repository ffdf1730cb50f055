"""Entry point of `main.py console`."""

import sys

if __name__ == "__main__":
    from ui.app.process import garbage, imports

    imports.lighten_imports()
    garbage.disable_collection()
    from ui.app.start import main  # after both calls: it imports most of the program

    sys.exit(main())
