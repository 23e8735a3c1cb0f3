"""People: sessions and accounts, what they are called, and how they prove who they are."""
