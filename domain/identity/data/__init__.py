"""Packaged facts of `domain.identity`; a package only so that an installed copy carries the files."""
