"""Templates of letters, one file a version: `<name>-<version>.json`. A published file is never edited."""
