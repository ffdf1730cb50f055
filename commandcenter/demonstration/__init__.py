"""A plug-in of operations: the district of Baohe, its accounts, the living shift, the drill, the script of the tour."""
