"""A platform of paper with one case, and a machine whose clocks stand."""

import pytest

from tests.kit.scripted import Paper, a_case
from tests.kit.slow_hour import SlowHour


@pytest.fixture
def paper() -> Paper:
    """Its snapshot has one case."""
    made = Paper()
    made.records.append(a_case())
    return made


@pytest.fixture
def hour() -> SlowHour:
    """Waits last until the story ends them."""
    return SlowHour()
