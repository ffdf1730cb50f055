"""The door: one Python in, the command line out; everything it needs is made ready on the way."""

import sys

from commandcenter.install import check_python

if __name__ == "__main__":
    check_python()
    from commandcenter.cli import main  # after the check: it is written for the Pythons that we support

    sys.exit(main(sys.argv[1:]))
