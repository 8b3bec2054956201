"""The promises of the house as tests: access, leaks, names of modules, templates, queries."""
