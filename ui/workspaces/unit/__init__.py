"""The workspace of a unit, a department or a grid leader: one room in the place of the docks."""
