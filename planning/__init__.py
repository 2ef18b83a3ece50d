"""Goals, cascade, tasks and control."""
