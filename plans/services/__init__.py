"""Services of plans: imports, publishing, binding, execution. Each file is one subject."""
