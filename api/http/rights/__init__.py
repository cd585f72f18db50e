"""For both parties: the citizen's rights in one's own authority's lane."""
