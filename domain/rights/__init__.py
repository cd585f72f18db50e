"""The citizen's rights: what happens to them, the rules they follow, and the verdict of each."""
