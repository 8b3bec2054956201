"""Attacks that belong to no single page."""
