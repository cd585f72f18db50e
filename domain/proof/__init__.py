"""Proof: that bodies were opened to be checked, and by whom."""
