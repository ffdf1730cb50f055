"""Names the codes of results and problems that both sides name; those of refusals belong to the domain."""

ALREADY_DONE = "already_done"  # the act that is taken over had its effect
WITHDRAWN = "withdrawn"  # asked about only, and now without effect for good
DEP_UNKNOWN = "dep_unknown"  # the platform has not heard of the command on which it depends
DEP_REFUSED = "dep_refused"  # the command on which it depends has no effect

SIGNED_OUT = "signed_out"
NO_ROLE = "no_role"
WRONG_EPOCH = "wrong_epoch"
GONE = "gone"  # the log does not reach back so far
OVER_QUOTA = "over_quota"  # of the account, whatever it sends: it waits as long as the platform asks
TOO_MANY_STREAMS = "too_many_streams"
BUSY = "busy"
UNAVAILABLE = "unavailable"
