"""Each kind of seat as a workspace: its rooms and its actions; `table` says which role has which."""
