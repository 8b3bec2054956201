"""Pages of plans. Each file is one subject."""
