"""`HuddleClient`: a client for programs, with Deferreds."""
