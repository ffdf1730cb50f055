"""The entry point: checks the version of Python and runs the command line."""

import sys

from commandcenter.install import check_python

if __name__ == "__main__":
    check_python()
    from commandcenter.cli import main  # after the check: it needs a supported Python

    sys.exit(main(sys.argv[1:]))
