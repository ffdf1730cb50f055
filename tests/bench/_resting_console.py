"""The console as `main.py console` opens it; with the environment variable WITHOUT_MAP its map never starts."""

import os
import sys

if __name__ == "__main__":
    from ui.app.process import garbage, imports

    imports.lighten_imports()
    garbage.disable_collection()
    from ui.app.start import main
    from ui.map.panel import MapPanel

    if "WITHOUT_MAP" in os.environ:
        MapPanel.start = lambda self: None
    sys.exit(main())
