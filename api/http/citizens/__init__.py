"""For the citizen and whoever represents her: the case, who has read it, and what she does herself."""
