"""Limits what console and platform send each other: numbers, counts, sizes and times."""

NUMBER_MOST = 2**53  # the largest number in the protocol
ID_MOST = 80  # characters of an id that the platform takes
ID_READ_MOST = 200  # characters of an id that a console reads
CURSOR_TOKEN_MOST = 400  # characters, all of which can be sent in a header
CODE_MOST, ABOUT_MOST = 80, 300  # characters of what a refusal or a problem says
BODY_MOST = 1_000_000  # bytes of a request
COMMANDS_MOST = 100  # commands in one request
IMPORT_ROWS_MOST = 500  # rows in one request
REFERENCES_MOST = 500  # reference records in one request
PAGE_MOST = 200  # entries in one page of a list
POLL_MOST = 500  # frames in one answer that is not a stream
SNAPSHOT_MOST = 1_000_000  # records

HEARTBEAT = 10.0  # seconds between two heartbeats of a stream
DIGEST_EVERY = 60.0  # seconds between two heartbeats that carry a digest
SILENCE = 2.5 * HEARTBEAT  # seconds without data after which a console takes a stream for dead
