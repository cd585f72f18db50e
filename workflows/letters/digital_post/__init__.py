"""Digital Post at file level: a letter as a MeMo 1.2 message, and the receipt that comes back.

`build` writes a message, `read` reads one, `receipt` reads a receipt. Sending, and the folders, are others'.
What could not be checked without the network stands in docs/digital-post.md.
"""
