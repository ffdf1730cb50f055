"""Defines the errors of the console's own files."""


class FileFault(Exception):
    """A file of the profile cannot be used; `about` says which, or why. `code` is a key that the screens translate."""

    code = "file"

    def __init__(self, about: object = "") -> None:
        self.about = str(about)
        super().__init__(f"{self.code}: {self.about}")


class DiskFault(FileFault):
    """The disk did not accept a write (full, missing, read-only); nothing of it was stored."""

    code = "disk"


class ReadOnly(FileFault):
    """The folder or file cannot be opened or written."""

    code = "read_only"


class InUse(FileFault):
    """Another console has this profile open."""

    code = "profile_in_use"


class NewerJournal(FileFault):
    """The journal was written by a newer version of this program; it was not touched."""

    code = "newer_journal"


class Damaged(FileFault):
    """The file is not a database, or a damaged one."""

    code = "journal_damaged"
