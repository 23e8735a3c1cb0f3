"""What makes `twistd huddle` exist.

Every twistd on the machine imports this file to list its commands: nothing but ServiceMaker here.
"""

from twisted.application.service import ServiceMaker

huddle = ServiceMaker(
    "Huddle",
    "huddle.tap",
    "A chat room that everybody can enter with nc, telnet or huddle-client.",
    "huddle",
)
