"""For the steering group and the sundhedsråd: case numbers and counts, never a citizen."""
