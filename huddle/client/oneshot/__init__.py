"""One task and then the end: ``--send`` says a text, ``--tail`` shows what was said."""
