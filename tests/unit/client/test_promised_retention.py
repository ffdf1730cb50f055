"""What a platform promises to keep, as a console reads it."""

from datetime import timedelta

import pytest

from commandcenter.protocol.retention import BACKUPS, FOR_EVER, read_retention

DAY = 86400


@pytest.mark.parametrize(
    ("keep", "outcomes", "days"),
    [
        ({}, timedelta(days=30), BACKUPS.days),
        ({"results_s": 7 * DAY}, timedelta(days=7), BACKUPS.days),
        ({"results_s": 7 * DAY, "outcomes_s": 900 * DAY, "backups_s": 900 * DAY}, timedelta(days=900), 900),
        ({"outcomes_s": 900 * DAY, "backups_s": 3 * DAY}, timedelta(days=900), BACKUPS.days),
        ({"results_s": -1, "backups_s": -(2**63)}, timedelta(), BACKUPS.days),
        ({"outcomes_s": 2**63 - 1, "backups_s": 2**63 - 1}, FOR_EVER, FOR_EVER.days),
    ],
    ids=["an older platform", "a short memory", "long both", "backups that are soon gone", "rubbish", "for ever"],
)
def test_a_console_keeps_acts_at_least_as_long_as_it_reckons_with_itself(keep, outcomes, days):
    told = read_retention(keep)
    assert (told.outcomes, told.backup_days) == (outcomes, days)
