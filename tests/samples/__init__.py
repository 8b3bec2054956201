"""Documents built in code, in our own words after the manner of real ones."""
