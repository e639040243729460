"""The command line and the chat page. Knows rag, and of index only the value types and the home; never eval, but for one lazy call."""
