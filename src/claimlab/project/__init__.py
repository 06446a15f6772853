"""What a project says: its settings, its articles and their claims, in which languages. Nothing here runs anything."""
