"""People, structure, access, hiring and growth."""
