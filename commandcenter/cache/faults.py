"""What can go wrong with a console's own files."""


class FileFault(Exception):
    """A file of the profile cannot be used; `about` names it."""

    code = "file"

    def __init__(self, about: object = "") -> None:
        self.about = str(about)
        super().__init__(f"{self.code}: {self.about}")


class DiskFault(FileFault):
    """The disk did not take it (full, gone, read-only); nothing of it was kept."""

    code = "disk"


class ReadOnly(FileFault):
    """The folder cannot be written to."""

    code = "read_only"


class InUse(FileFault):
    """Another console has this profile open."""

    code = "profile_in_use"


class NewerJournal(FileFault):
    """The journal was written by a newer version of this program; it was not touched."""

    code = "newer_journal"


class Damaged(FileFault):
    """The file is no database, or a damaged one."""

    code = "journal_damaged"
