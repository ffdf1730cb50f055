"""`main.py console`."""

import os
import sys

from ui.app.start import main

if __name__ == "__main__":
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # its sandbox refuses to run as root
    sys.exit(main())
