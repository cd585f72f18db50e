"""What happened, in the words of the law: pure concepts, events, decisions. No I/O."""
