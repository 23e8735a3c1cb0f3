"""The invitation: what is told at the start, so that people find in and one of them is in charge.

- `startup_banner` all that is told at the start, on the terminal or in the log
- `board` the lines to be written on the board: how to enter, by each door; and the operators' code
- `qr_code` the page's address, for a phone to read off the screen
- `addresses` this machine's, those first by which its neighbours reach it
- `code_file` where the operators' code is kept, beside the record
"""
