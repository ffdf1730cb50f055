"""The seat 待办 of a unit, a department or a grid leader: its inbox, and one case with large buttons."""
