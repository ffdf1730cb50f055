"""The command pipeline: authorise, dedupe, guard, decide, evolve, log and audit."""
