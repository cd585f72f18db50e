"""Who is meant: persons, organisations and municipalities, by their official numbers."""
