"""Data only: one JSON file for each definition and version, named `<name>-<version>.json`."""
