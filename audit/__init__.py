"""What can be proven: the log, the vault, projections, replay and exports."""
