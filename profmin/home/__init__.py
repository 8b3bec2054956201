"""Pages that join several apps: workbenches, people, the journal."""
