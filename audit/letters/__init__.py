"""The folders that letters leave by and receipts come in by."""
