"""Access packages (aktindsigtspakker): what a citizen gets on her request, in one sealed file."""
