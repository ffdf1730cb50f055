"""A command's way: authorised, deduplicated, guarded, decided, evolved, logged, audited."""
