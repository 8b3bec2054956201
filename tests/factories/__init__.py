"""The fixed cast of the tests: the same few people of two regions."""
