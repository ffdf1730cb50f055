"""The demonstration plug-in: the district of Baohe, its accounts, the simulated shift, the drill, the tour's script."""
