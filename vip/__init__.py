"""Corporate clients: visits, surveys, problems and growth."""
