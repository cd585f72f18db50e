"""Versioned state machines: each is data, and one definition serves guard, API, diagram, text and audit."""
