"""The log as files that can be judged without this installation."""
