"""A small table of requests as Baltimore publishes them, brought in by the import's own command."""

from pathlib import Path

import pytest

from commandcenter.domain.cases import Case
from commandcenter.operations.import_cases import main
from commandcenter.protocol.codec import read_record
from commandcenter.server.storage.database import open_readers
from commandcenter.server.storage.tables import cases

HEAD = "ServiceRequestNum,SRType,MethodReceived,CreatedDate,SRStatus,DueDate,CloseDate,Agency,Outcome,Address,"
HEAD += "Neighborhood,CouncilDistrict,Latitude,Longitude\n"


def row(number: str, *, status: str = "Open", lat: str = "39.32", lon: str = "-76.61") -> str:
    """Returns one request of the table."""
    return (
        f"{number},SW-Dirty Alley,Phone,11/21/2017 10:25:50 AM,{status},11/26/2017 10:25:50 AM,,Solid Waste,,"
        f"{number} E 32ND ST,Charles Village,14,{lat},{lon}\n"
    )


def bring(table: Path, data: Path, *more: str) -> int:
    """Brings the table into a platform's folder; returns the exit code."""
    return main([str(table), "--mapping", "baltimore", "--data", str(data), *more])


def stored(data: Path) -> dict[str, Case]:
    """Returns the cases in a platform's folder by their number elsewhere."""
    engine = open_readers(data)
    with engine.connect() as connection:
        bodies = connection.execute(cases.select()).all()
    engine.dispose()
    records = [read_record("case", row.body) for row in bodies]
    return {case.external or "": case for case in records if isinstance(case, Case)}


def says(capsys: pytest.CaptureFixture[str], words: str) -> bool:
    """Whether the command said one line, with these words in it."""
    told = capsys.readouterr().err.splitlines()
    return len(told) == 1 and words in told[0]
