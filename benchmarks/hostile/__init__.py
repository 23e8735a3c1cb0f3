"""What hostile peers cost the others: every attack against a real server with default options.

`attacks` is the list: what each peer sends, from which addresses, for how long; `web_attacks` has
those by the door for browsers, `command_attacks` one by each command. `attacker` sends it, as a
process of its own. `probe` is everybody else: fifty programs that ping in turn and five people who
talk. `victim` is one who wants the very thing that an attack uses up. `suffering` runs one attack
beside the probe and tells what the others noticed.
"""
