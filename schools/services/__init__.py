"""Services of the tree, its people and its files. Each file is one subject."""
