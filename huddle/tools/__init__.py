"""The programs beside the server: huddle-account, huddle-archive, huddle-certificate."""
