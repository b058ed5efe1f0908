"""The measuring of the running product, a file for each kind of work; tests/perf/run is the
command."""
