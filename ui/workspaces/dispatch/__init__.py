"""The workspace of a dispatcher: queue, map, case and lower panels in docks."""
