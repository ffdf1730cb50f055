"""`main.py console`."""

import sys

if __name__ == "__main__":
    from ui.app import plain_imports

    plain_imports.put_back()
    from ui.app.start import main  # after it: there is much to import

    sys.exit(main())
