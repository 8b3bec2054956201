"""What `make proof` runs in full beside the samples of `make test`."""
