"""Whole ways as stories, in a real browser against the real demo: web, workers and scheduler."""
