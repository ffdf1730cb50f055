"""The tests and the benchmarks of the platform and the console."""
