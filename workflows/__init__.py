"""What may happen next, and what must: handlers, machines, views, delivery."""
