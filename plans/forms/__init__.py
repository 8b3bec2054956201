"""Forms of plans. Each file is one subject."""
